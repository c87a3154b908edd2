using System.IO.Pipelines;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>What cutting a link does to a session that is on its way.</summary>
public sealed class PeerLinkFaultTests
{
    [Fact]
    public async Task A_link_that_is_cut_while_it_comes_up_stays_down()
    {
        var receiver = new Receiver();
        var link = new PeerLink(2, "region2", PeerLinkFault.None, receiver, TimeProvider.System);
        await using var session = new PeerSession("session", new PeerLinkOptions(), TimeProvider.System);

        var running = link.RunAsync(session);
        link.Fault = PeerLinkFault.None with { IsCut = true };
        var lanes = Task.WhenAll(
            session.ReceiveAllAsync(PeerLane.Control, new Pipe().Reader.AsStream()),
            session.ReceiveAllAsync(PeerLane.Bulk, new Pipe().Reader.AsStream()));

        Assert.False(await running.WaitAsync(TimeSpan.FromSeconds(20)));
        await lanes;
        Assert.False(link.IsConnected);
        Assert.Equal(0, receiver.Calls);
        Assert.Contains("cut by a demonstration", link.Status.LastEnd, StringComparison.Ordinal);
    }

    private sealed class Receiver : IPeerLinkReceiver
    {
        public int Calls { get; private set; }

        public void OnConnected(IPeerLink link) => Calls++;

        public ValueTask OnMessageAsync(IPeerLink link, PeerLane lane, uint fabric, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            Calls++;
            return ValueTask.CompletedTask;
        }

        public void OnClosed(IPeerLink link, PeerCloseReason reason, string detail) => Calls++;

        public void OnRemoved(string toldBy) => Calls++;
    }
}
