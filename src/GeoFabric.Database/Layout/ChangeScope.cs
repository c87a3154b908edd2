namespace GeoFabric.Database.Layout;

/// <summary>Which regions an operation goes to. Persisted as its number: 0 for all, 1 for none but the writer's, else a bit for each region, by its number.</summary>
public readonly record struct ChangeScope(ulong Number)
{
    /// <summary>The largest region number that a set of regions can hold.</summary>
    public const ushort RegionMax = 62;

    /// <summary>All regions of the fabric.</summary>
    public static ChangeScope All => default;

    /// <summary>None: the collection belongs to this region alone.</summary>
    public static ChangeScope Local => new(1);

    /// <summary>Whether it names some of the regions.</summary>
    public bool IsSet => Number > 1;

    /// <summary>The regions it names, in the order of their numbers.</summary>
    public IEnumerable<ushort> Regions
    {
        get
        {
            for (ushort region = 1; region <= RegionMax && IsSet; region++)
            {
                if ((Number >> region & 1) != 0)
                    yield return region;
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A number is 0 or larger than <see cref="RegionMax"/>.</exception>
    public static ChangeScope Of(IEnumerable<ushort> regions)
    {
        ulong number = 0;
        foreach (var region in regions)
        {
            ArgumentOutOfRangeException.ThrowIfZero(region, nameof(regions));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(region, RegionMax, nameof(regions));
            number |= 1UL << region;
        }
        return new ChangeScope(number);
    }

    /// <summary>Whether a region keeps what has this scope and was written elsewhere or there.</summary>
    public bool IsKeptAt(ushort region) => !IsSet || (region <= RegionMax && (Number >> region & 1) != 0);
}
