using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Links over real connections.</summary>
public sealed class PeerLinkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_every_size_arrive_whole_and_in_order_on_both_lanes_in_both_directions(bool isPlain)
    {
        await using var regions = await TestRegions.StartAsync(2, isPlain);
        await regions.ConnectedAsync();
        var sizes = new[] { 0, 1, 100, PeerFrame.PayloadSizeMax - 1, PeerFrame.PayloadSizeMax, PeerFrame.PayloadSizeMax + 1, 5 << 20 };

        for (uint i = 0; i < sizes.Length; i++)
        {
            foreach (var lane in new[] { PeerLane.Control, PeerLane.Bulk })
            {
                Assert.True(regions[0].LinkTo(regions[1]).Send(lane, i, Bytes(sizes[i], i)));
                Assert.True(regions[1].LinkTo(regions[0]).Send(lane, i + 100, Bytes(sizes[i], i + 100)));
            }
        }

        foreach (var (receiver, from, first) in new[] { (regions[1], (ushort)1, 0u), (regions[0], (ushort)2, 100u) })
        {
            await TestRegions.EventuallyAsync(() => receiver.Received.Count == 2 * sizes.Length);
            foreach (var lane in new[] { PeerLane.Control, PeerLane.Bulk })
            {
                var messages = receiver.Received.Where(message => message.Lane == lane).ToList();
                Assert.Equal(Enumerable.Range(0, sizes.Length).Select(i => (uint)i + first), messages.Select(message => message.Fabric));
                Assert.All(messages, message => Assert.Equal((from, true), (message.From, message.Message.AsSpan().SequenceEqual(Bytes(sizes[message.Fabric - first], message.Fabric)))));
            }
        }
    }

    [Fact]
    public async Task Three_regions_are_all_linked_and_a_link_comes_back_by_itself()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();

        regions[0].LinkTo(regions[1]).Close("for a test");
        await TestRegions.EventuallyAsync(() => regions[0].Events.Count(text => text == "connected 2") == 2);
        await regions.ConnectedAsync();

        Assert.Equal(["connected 2", "closed 2 Requested", "connected 2"], regions[0].Events.Where(text => text.Contains(" 2", StringComparison.Ordinal)));
        Assert.Equal(["connected 1", "closed 1", "connected 1"], regions[1].Events.Where(text => text.Contains(" 1", StringComparison.Ordinal)).Select(text => string.Join(' ', text.Split(' ')[..2])));
        Assert.DoesNotContain(regions[0].Events, text => text == "closed 3 Requested");
    }

    [Fact]
    public async Task A_slow_reader_slows_its_sender_down_and_beyond_the_limit_the_link_goes_down_instead_of_the_memory()
    {
        await using var regions = await TestRegions.StartAsync(2, links: new PeerLinkOptions { QueueBytesMax = 4 << 20 });
        await regions.ConnectedAsync();
        var gate = new TaskCompletionSource();
        regions[1].Taking = () => gate.Task;
        var link = regions[0].LinkTo(regions[1]);
        var message = Bytes(256 << 10, 1);

        var sent = 0;
        while (link.Send(PeerLane.Bulk, 1, message))
            sent++;

        // What fits into the queue and the windows of the connection, far less than what would fit into the memory.
        Assert.InRange(sent, 16, 400);
        await TestRegions.EventuallyAsync(() => regions[0].Events.Contains("closed 2 QueueFull"));
        Assert.Empty(regions[1].Received);
        gate.SetResult();
        await TestRegions.EventuallyAsync(() => regions[0].Events.Count(text => text == "connected 2") == 2);
        Assert.True(link.Send(PeerLane.Bulk, 7, message));
        await TestRegions.EventuallyAsync(() => regions[1].Received.Any(received => received.Fabric == 7));
    }

    [Fact]
    public async Task The_control_lane_is_not_held_up_by_the_other_one()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        var link = regions[0].LinkTo(regions[1]);
        var gate = new TaskCompletionSource();
        var isFirst = 1;
        regions[1].Taking = () => Interlocked.Exchange(ref isFirst, 0) == 1 ? gate.Task : Task.CompletedTask;

        for (var i = 0; i < 40; i++)
            Assert.True(link.Send(PeerLane.Bulk, 1, Bytes(1 << 20, 1)));
        await TestRegions.EventuallyAsync(() => isFirst == 0);
        Assert.True(link.Send(PeerLane.Control, 2, Bytes(10, 2)));

        await TestRegions.EventuallyAsync(() => regions[1].Received.Any(received => received.Lane == PeerLane.Control));
        Assert.DoesNotContain(regions[1].Received, received => received.Lane == PeerLane.Bulk);
        gate.SetResult();
        await TestRegions.EventuallyAsync(() => regions[1].Received.Count == 41);
    }

    [Fact]
    public async Task A_demonstration_delays_and_cuts_a_link()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        var link = regions[0].LinkTo(regions[1]);

        link.Fault = new PeerLinkFault(TimeSpan.FromMilliseconds(300), IsCut: false);
        var started = TimeProvider.System.GetTimestamp();
        for (uint i = 0; i < 50; i++)
            link.Send(PeerLane.Bulk, i, Bytes(10, i));
        await TestRegions.EventuallyAsync(() => regions[1].Received.Count == 50);

        // Each waits its own delay, not that of all before it.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 290, 5_000);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (uint)i), regions[1].Received.Select(received => received.Fabric));
        link.Fault = new PeerLinkFault(TimeSpan.Zero, IsCut: true);
        await TestRegions.EventuallyAsync(() => regions[1].Events.Any(text => text.StartsWith("closed 1", StringComparison.Ordinal)));
        await Task.Delay(300);
        Assert.False(link.IsConnected || link.Send(PeerLane.Bulk, 1, Bytes(10, 1)));
        link.Fault = PeerLinkFault.None;
        await regions.ConnectedAsync();
        // The side that does not dial can cut as well.
        regions[1].LinkTo(regions[0]).Fault = new PeerLinkFault(TimeSpan.Zero, IsCut: true);
        await TestRegions.EventuallyAsync(() => !link.IsConnected);
        await TestRegions.EventuallyAsync(() => link.Status.LastEnd.Contains("demonstration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_fails_costs_the_link_and_nothing_else()
    {
        await using var regions = await TestRegions.StartAsync(2);
        await regions.ConnectedAsync();
        regions[1].Taking = () => throw new InvalidOperationException("for a test");

        regions[0].LinkTo(regions[1]).Send(PeerLane.Control, 1, Bytes(10, 1));
        await TestRegions.EventuallyAsync(() => regions[1].Events.Contains("closed 1 ReceiverFailed"));
        regions[1].Taking = () => Task.CompletedTask;

        await regions.ConnectedAsync();
    }

    [Fact]
    public async Task A_failed_region_exchanges_nothing_but_hears_when_it_is_healed()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();

        await regions[0].Membership.FailAsync("region3");
        await TestRegions.EventuallyAsync(() => regions.All.All(region => region.Databases.Catalog.Cluster!.GetRegion("region3").State == RegionState.Failed));
        await TestRegions.EventuallyAsync(() => regions[2].Network.Links.All(link => !link.IsConnected));
        Assert.True(regions[0].LinkTo(regions[1]).IsConnected);
        await regions[0].Membership.HealAsync("region3");

        await regions.ConnectedAsync();
    }

    [Fact]
    public async Task A_removed_region_is_shut_out()
    {
        await using var regions = await TestRegions.StartAsync(3);
        await regions.ConnectedAsync();

        await regions[0].Membership.FreezeAsync("region3");
        await regions[0].Membership.RemoveAsync("region3", LogEnds.None);

        await TestRegions.EventuallyAsync(() => regions.All.Take(2).All(region => region.Network.Links.Count == 1));
        await TestRegions.EventuallyAsync(() => regions[2].Network.Links.All(link => !link.IsConnected));
        await TestRegions.EventuallyAsync(() => regions[0].Network.Counters.Refusals.ContainsKey("certificate: NotAMember"));
        Assert.Equal("region3", (await regions[0].Membership.AdmitAsync(RegionName.Parse("region3"), region => region)).Region.Name.Text);
    }

    private static byte[] Bytes(int count, uint seed)
    {
        var bytes = new byte[count];
        new Random((int)seed).NextBytes(bytes);
        return bytes;
    }
}
