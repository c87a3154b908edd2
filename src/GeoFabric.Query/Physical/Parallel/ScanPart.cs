using System.Runtime.ExceptionServices;
using GeoFabric.Database;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>A part of the collection on its way through a lane. Changed under the lock of its operator.</summary>
internal sealed class ScanPart(DocumentRange documents)
{
    internal enum Phase
    {
        /// <summary>Nobody has begun, or whoever did has left it with its lane.</summary>
        Waiting,
        Running,
        Ended,
    }

    public DocumentRange Documents => documents;

    public Phase State { get; set; }

    /// <summary>The lane that has begun; null before and after.</summary>
    public ScanLane? Lane { get; set; }

    /// <summary>Finished rows, in order.</summary>
    public Queue<PartRows> Ready { get; } = [];

    /// <summary>Why it ended, when it was not the end of its documents. It counts when all rows before it have gone on.</summary>
    public ExceptionDispatchInfo? Error { get; set; }
}
