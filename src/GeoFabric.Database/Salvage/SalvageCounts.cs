namespace GeoFabric.Database.Salvage;

/// <summary>What became of the operations of a removed region's log.</summary>
public readonly record struct SalvageCounts
{
    /// <summary>Written again here.</summary>
    public long Taken { get; init; }

    /// <summary>Of requests that another region has carried out, because they were sent again there.</summary>
    public long Known { get; init; }

    /// <summary>Changed nothing any more.</summary>
    public long Superseded { get; init; }

    /// <summary>Not taken, because something later or unknown is there: kept in the journal.</summary>
    public long Journalled { get; init; }

    /// <summary>Of collections that belong to the removed region alone: they stay where they are.</summary>
    public long Left { get; init; }

    public static SalvageCounts operator +(SalvageCounts left, SalvageCounts right) => new()
    {
        Taken = left.Taken + right.Taken,
        Known = left.Known + right.Known,
        Superseded = left.Superseded + right.Superseded,
        Journalled = left.Journalled + right.Journalled,
        Left = left.Left + right.Left,
    };
}
