using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database;

/// <summary>Settings of all databases under one data directory.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Where everything lives; null keeps it in memory, for tests.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Name of this region; null keeps the one the directory has.</summary>
    public RegionName? RegionName { get; init; }

    /// <summary>What makes an empty directory that of a region of a cluster; looked at no more once it is.</summary>
    public RegionAdmission? Admission { get; init; }

    /// <summary>Number that a new directory gets when <see cref="Region"/> demands none.</summary>
    public ushort FirstRegion { get; init; }

    /// <summary>Number of this region in revision stamps and log origins. Never reused for another region.</summary>
    public ushort Region { get; init; }

    /// <summary>What a region is called; null for one that is not known.</summary>
    internal Func<ushort, string?>? NameOfRegion { get; init; }

    /// <summary>Whether documents may be changed in other regions too.</summary>
    public bool IsReplicated => Region != 0;

    /// <summary>Bumped whenever the tail of this region's own log may have been lost, so that sequence numbers never mean two things.</summary>
    public byte Incarnation { get; init; }

    /// <summary>Bytes of change log a fabric keeps; null keeps everything.</summary>
    public long? ChangeLogRetainedBytes { get; init; } = 256L << 20;

    /// <summary>Address space mapped for a fabric at first; the file grows with the data, the map by itself.</summary>
    public long MapSizeBytes { get; init; } = 4L << 30;

    /// <summary>A fabric's memory map never grows past this; writes then answer 1104.</summary>
    public long MapSizeMaxBytes { get; init; } = 1L << 40;

    /// <summary>How often expired documents are looked for. Zero switches the sweeper off.</summary>
    public TimeSpan ExpirySweepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest stored document.</summary>
    public int DocumentBytesMax { get; init; } = 4 << 20;

    /// <summary>All documents and operations one transaction may write.</summary>
    public long TransactionBytesMax { get; init; } = 256L << 20;
}
