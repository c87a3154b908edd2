namespace GeoFabric.Query.Physical;

/// <summary>What one execution did; part of the answer under <c>extra.stats</c>.</summary>
public sealed class QueryStatistics
{
    public long WritesExecuted { get; set; }

    public long WritesIgnored { get; set; }

    /// <summary>Documents read by collection scans.</summary>
    public long ScannedFull { get; set; }

    /// <summary>Documents read through indexes.</summary>
    public long ScannedIndex { get; set; }

    /// <summary>Documents read because an index, or the edge before, pointed to them; entries that tell all that is needed cost none.</summary>
    public long DocumentLookups { get; set; }

    /// <summary>Cursors opened on indexes.</summary>
    public long CursorsCreated { get; set; }

    /// <summary>How often a cursor that was open was moved to another place of its index.</summary>
    public long CursorsRearmed { get; set; }

    /// <summary>Rows dropped by filters.</summary>
    public long Filtered { get; set; }

    /// <summary>Rows before the last LIMIT; only with fullCount.</summary>
    public long? FullCount { get; set; }

    public double ExecutionSeconds { get; set; }

    public long PeakMemoryBytes { get; set; }

    /// <summary>As they are now, of a query that goes on.</summary>
    public QueryStatistics Copy() => (QueryStatistics)MemberwiseClone();
}
