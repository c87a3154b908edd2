using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Tests.Database;

/// <summary>Logs lose what nobody needs, and no more.</summary>
public sealed class LogTrimmingTests
{
    [Fact]
    public async Task Old_records_go_when_all_have_them_and_not_before()
    {
        await using var group = await GroupAsync(10);
        var replica = group.Regions[0].Fabric.Replica;
        var half = ChangeRecordHeader.Read(replica.ReadLog(replica.Origin, 6, 1)[0].Span).Timestamp;

        await TrimAsync(group, new LogLimits([At(0, 4), At(1, 0)], [At(0, 9), At(1, 9)], new HybridTimestamp(ulong.MaxValue), ulong.MaxValue));
        Assert.Equal(5ul, replica.ReadFirstSequence(replica.Origin));
        await TrimAsync(group, new LogLimits([At(0, 9), At(1, 0)], [At(0, 9), At(1, 9)], half, ulong.MaxValue));
        Assert.Equal(6ul, replica.ReadFirstSequence(replica.Origin));

        Assert.Equal(1ul, replica.ReadFirstSequence(group.Regions[1].Fabric.Replica.Origin));
        group.Regions[0].AssertSound();
    }

    [Fact]
    public async Task Beyond_the_limit_what_a_majority_has_goes_oldest_first_and_own_records_only_a_minority_has_stay()
    {
        await using var group = await GroupAsync(10);
        var replica = group.Regions[0].Fabric.Replica;
        var other = group.Regions[1].Fabric.Replica.Origin;

        await TrimAsync(group, new LogLimits([], [At(0, 7), At(1, 99)], default, 1));

        Assert.Equal(8ul, replica.ReadFirstSequence(replica.Origin));
        Assert.Equal(11ul, replica.ReadFirstSequence(other));
        group.Regions[0].AssertSound();
    }

    [Fact]
    public async Task The_last_own_record_stays()
    {
        await using var group = await GroupAsync(10);
        var replica = group.Regions[0].Fabric.Replica;

        await TrimAsync(group, new LogLimits([At(0, 99)], [At(0, 99)], new HybridTimestamp(ulong.MaxValue), 0));

        Assert.Equal(replica.ReadState().LastSequence, replica.ReadFirstSequence(replica.Origin));
        group.Regions[0].AssertSound();
    }

    [Fact]
    public async Task Nothing_goes_while_a_snapshot_is_received_or_caught_up_with()
    {
        await using var group = await GroupAsync(10);
        var replica = group.Regions[0].Fabric.Replica;
        var everything = new LogLimits([At(0, 99), At(1, 99)], [At(0, 99), At(1, 99)], new HybridTimestamp(ulong.MaxValue), 0);

        await group.ReceiveSnapshotAsync(1, 0, bytesMax: 10_000);
        Assert.Equal(0, await replica.TrimLogsAsync(everything));
        await replica.InstallSnapshotAsync();
        Assert.Equal(0, await replica.TrimLogsAsync(everything));

        await group.CatchUpAsync(0);
        Assert.NotEqual(0, await replica.TrimLogsAsync(everything));
    }

    [Fact]
    public async Task A_record_of_which_nothing_is_left_for_others_is_applied_all_the_same()
    {
        await using var group = await ReplicaGroup.OpenAsync(2);
        var writer = group.Regions[0];
        var collection = await writer.Fabric.CreateCollectionAsync(writer.Scope, new("pinned") { KeptAt = ChangeScope.Of([1]) });
        await writer.InsertAsync(collection, """{"_key":"k"}""");

        Assert.Equal(2, await group.DeliverAsync(0, 1));

        Assert.Equal(2ul, group.StateOf(1).Vector.PositionOf(writer.Fabric.Replica.Origin).Sequence);
    }

    /// <summary>Two regions with a collection and records of their own, all delivered.</summary>
    private static async Task<ReplicaGroup> GroupAsync(int records)
    {
        var group = await ReplicaGroup.OpenAsync(2);
        await group.Regions[0].CreateAsync("c");
        await group.DeliverAllAsync();
        for (var i = 0; i < records; i++)
        {
            foreach (var region in group.Regions)
            {
                region.Clock.Advance(TimeSpan.FromSeconds(1));
                await region.InsertAsync(region.Fabric.Catalog.GetCollection("c"), "{}");
            }
        }
        await group.DeliverAllAsync();
        return group;
    }

    private static AppliedPosition At(int region, ulong sequence) => AppliedPosition.None(new ChangeOrigin((ushort)(region + 1), 0)) with { Sequence = sequence };

    private static async Task TrimAsync(ReplicaGroup group, LogLimits limits)
    {
        while (await group.Regions[0].Fabric.Replica.TrimLogsAsync(limits) > 0)
        {
        }
    }
}
