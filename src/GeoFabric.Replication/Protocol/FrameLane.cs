namespace GeoFabric.Replication.Protocol;

/// <summary>Frames of a lane arrive in order; the control lane goes first and may overtake the other.</summary>
public enum FrameLane
{
    Control,
    Bulk,
}
