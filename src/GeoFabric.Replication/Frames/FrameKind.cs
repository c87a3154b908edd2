namespace GeoFabric.Replication.Frames;

/// <summary>What a frame is. On the wire: append only. Kinds that are not known are skipped.</summary>
internal enum FrameKind : byte
{
    Hello = 1,
    Batch = 2,
    Acknowledgement = 3,
    Beat = 4,
    Pull = 5,
    Unavailable = 6,
    SnapshotRequest = 7,
    SnapshotPiece = 8,
    Goodbye = 9,
}
