namespace GeoFabric.Server.Transport;

/// <summary>A link's two ways side by side, each in order. They are connections of their own, so nothing on one waits for anything on the other.</summary>
public enum PeerLane
{
    /// <summary>Small and urgent.</summary>
    Control = 0,

    /// <summary>Everything else.</summary>
    Bulk = 1,
}
