using GeoFabric.Replication.Links;

namespace GeoFabric.Replication.Delivery;

/// <summary>Room in a link's window, given back once the batch that took it is done with.</summary>
internal sealed class CreditTicket(PeerLink link, int bytes)
{
    private bool _isReturned;

    public void Return()
    {
        if (_isReturned)
            return;
        _isReturned = true;
        link.ConsumedBytes += bytes;
    }
}
