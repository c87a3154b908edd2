namespace GeoFabric.Database.Jobs;

/// <summary>A job that comes in parts, such as the requests of one import. It has ended when no part has come for a while. Guarded by its owner.</summary>
internal sealed class JobSeries(FabricJob job)
{
    public FabricJob Job => job;

    /// <summary>Parts under way.</summary>
    public int Parts { get; set; }

    /// <summary>When the last part ended.</summary>
    public DateTimeOffset LastPart { get; set; }

    /// <summary>Who has cancelled it; further parts are refused.</summary>
    public string? CancelledBy { get; set; }
}
