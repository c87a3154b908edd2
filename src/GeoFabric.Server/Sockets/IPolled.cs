namespace GeoFabric.Server.Sockets;

/// <summary>Is told when its socket is ready.</summary>
internal interface IPolled
{
    /// <param name="events">Bits of <see cref="EpollNative"/>.</param>
    void BecomeReady(uint events);
}
