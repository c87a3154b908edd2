using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Situations that broke other databases, by name (the design's list of what Jepsen found).</summary>
public sealed class ScenarioTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>AntidoteDB issue 489: after a cut between two of three, acknowledged additions never reached all.</summary>
    [Fact]
    public void What_two_regions_cannot_tell_each_other_they_learn_from_a_third()
    {
        var run = new SimulationRun(Plan(new Partition(Second, "one pair", [(1, 2)], 20 * Second), WritesOf(1, from: 2, count: 20)));
        run.ScheduleAll();

        run.Events.RunUntil(4 * Second);

        Assert.Equal(20UL, run.Region(3)!.Replica.State.Applied[1].Sequence);
        Assert.Equal(20UL, run.Region(2)!.Replica.State.Applied[1].Sequence);
    }

    /// <summary>A mistake that only the rule above keeps away.</summary>
    [Fact]
    public void Without_pulls_from_third_parties_they_would_not()
    {
        var mutation = Mutation.All.Single(mutation => mutation.Name == "never pulls from third parties");
        var run = new SimulationRun(Plan(new Partition(Second, "one pair", [(1, 2)], 20 * Second), WritesOf(1, from: 2, count: 20)), mutation);
        run.ScheduleAll();

        run.Events.RunUntil(4 * Second);

        Assert.Equal(0UL, run.Region(2)!.Replica.State.Applied[1].Sequence);
    }

    /// <summary>AntidoteDB pull request 201: heads of three logs that wait for each other's watermarks.</summary>
    [Fact]
    public void Records_that_depend_on_each_other_in_turn_are_all_delivered()
    {
        var writes = Enumerable.Range(0, 60).SelectMany(turn => WritesOf((ushort)((turn % 3) + 1), from: 1 + (turn * 0.05), count: 1, key: turn % 2)).ToArray();
        var run = new SimulationRun(Plan(new Partition(2 * Second, "all", [(1, 2), (1, 3), (2, 3)], Second), writes));

        run.Execute();

        Assert.All(run.Regions, region => Assert.Equal(60, region.Replica.State.Applied.Positions.Sum(position => (long)position.Sequence)));
    }

    [Fact]
    public void A_region_that_joins_late_gets_what_has_left_the_logs()
    {
        var run = new SimulationRun(Plan(new RegionAdded(6 * Second, 20), WritesOf(1, from: 1, count: 200)));

        run.Execute();

        Assert.Equal(1, run.Region(20)!.SnapshotsBegun);
        Assert.Equal(run.Region(1)!.Replica.Digest(0), run.Region(20)!.Replica.Digest(0));
    }

    [Fact]
    public void A_region_restored_from_a_backup_goes_on_as_another_incarnation_and_gets_its_own_records_back()
    {
        var run = new SimulationRun(Plan(new RegionRestored(4 * Second, 1, 2 * Second), [.. WritesOf(1, from: 1, count: 100), .. WritesOf(1, from: 8, count: 5)]));

        run.Execute();

        var applied = run.Region(2)!.Replica.State.Applied[1];
        Assert.Equal((1, 5UL), (applied.Incarnation, applied.Sequence));
        Assert.Equal(105, run.History.Surviving.Count());
    }

    [Fact]
    public void A_region_that_is_gone_no_longer_holds_back_the_others()
    {
        var run = new SimulationRun(Plan(new RegionRemoved(2 * Second, 3, IsGone: true), WritesOf(1, from: 1, count: 100)));

        run.Execute();

        Assert.Equal(2, run.Regions.Count);
        Assert.All(run.Regions, region => Assert.Equal(0, region.Replica.UnstableDocuments));
    }

    /// <summary>What it was told to catch up with was lost with the region that told it.</summary>
    [Fact]
    public void A_region_that_joins_does_not_wait_for_what_is_lost()
    {
        var cut = new Partition(Second, "alone", [(1, 2), (1, 3)], 20 * Second);
        var plan = Plan([cut, new RegionAdded(2 * Second, 20), new RegionRemoved(2.3 * Second, 1, IsGone: true)], WritesOf(1, from: 1.5, count: 200));
        var run = new SimulationRun(plan with { Network = plan.Network with { BulkDelayMax = 4 * Second } });

        run.Execute();

        Assert.Equal(RegionStanding.Live, run.Region(20)!.Core!.Standing);
        Assert.Empty(run.History.Surviving);
    }

    /// <summary>The only copy of what a removed region wrote last is on the disk that is lost next: nobody may wait for it.</summary>
    [Fact]
    public void What_a_removed_region_wrote_and_a_lost_disk_took_holds_nobody_back()
    {
        var faults = new Fault[]
        {
            new Partition(1.5 * Second, "one pair", [(1, 2)], 20 * Second),
            new RegionRemoved(2 * Second, 1, IsGone: true),
            new RegionRestored(2.15 * Second, 3, Second),
        };
        var run = new SimulationRun(Plan(faults, [.. WritesOf(1, from: 1.9, count: 3), .. WritesOf(2, from: 4, count: 3)]));

        run.Execute();

        Assert.Equal(3, run.History.Surviving.Count());
    }

    /// <summary>The same, but the region goes on: what it writes now must not wait for what it wrote before.</summary>
    [Fact]
    public void What_a_region_lost_and_the_only_other_disk_with_it_lost_too_does_not_stop_its_next_incarnation()
    {
        var faults = new Fault[]
        {
            new Partition(1.5 * Second, "one pair", [(1, 2)], 3 * Second),
            new RegionRestored(2 * Second, 1, Second),
            new RegionRestored(2.15 * Second, 3, Second),
        };
        var run = new SimulationRun(Plan(faults, [.. WritesOf(1, from: 1.9, count: 3), .. WritesOf(1, from: 8, count: 3)]));

        run.Execute();

        Assert.Equal(3, run.History.Surviving.Count(transaction => transaction.Origin.Incarnation == 1));
    }

    /// <summary>A region that leaves in order leaves no record with one other region only.</summary>
    [Fact]
    public void A_region_that_leaves_in_order_loses_nothing_although_a_disk_is_lost_right_after()
    {
        var faults = new Fault[]
        {
            new Partition(1.5 * Second, "one pair", [(1, 2)], 20 * Second),
            new RegionRemoved(2 * Second, 1, IsGone: false),
            new RegionRestored(2.15 * Second, 3, Second),
        };
        var run = new SimulationRun(Plan(faults, WritesOf(1, from: 1.9, count: 3)));

        run.Execute();

        Assert.Equal(3, run.History.Surviving.Count());
    }

    /// <summary>Pieces of a snapshot hold what their donor had written and nobody else has. After a restart only the storage knows.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_snapshot_of_a_region_that_lost_its_disk_is_begun_anew(bool restarts)
    {
        var faults = new List<Fault>
        {
            new Partition(2 * Second, "alone", [(1, 2), (1, 3)], 4 * Second),
            new RegionAdded(3 * Second, 20),
            new RegionRestored(3.7 * Second, 1, 1.5 * Second),
        };
        // The end of region 1's log is not known until region 3 is back.
        if (restarts)
            faults.AddRange([new Crash(3.6 * Second, 3, 4 * Second), new Crash(6.5 * Second, 20, 0.5 * Second)]);
        var before = WritesOf(1, from: 0.5, count: 50, keys: 50);
        var plan = Plan(faults, [.. before, .. WritesOf(1, from: 2.2, count: 30, keys: 50)]);
        var run = new SimulationRun(plan with { Options = plan.Options with { SnapshotPiecesPerRequest = 1 } });

        run.Execute();

        Assert.Equal(50, run.History.Surviving.Count());
        Assert.Equal(2, run.Region(20)!.SnapshotsBegun);
    }

    /// <summary>A clock that jumps far ahead must not decide what wins everywhere else.</summary>
    [Fact]
    public void A_region_whose_clock_is_away_stops_writing_until_it_is_right()
    {
        var run = new SimulationRun(Plan(new ClockJump(2 * Second, 1, 4 * Second), [.. WritesOf(1, from: 1, count: 10), .. WritesOf(1, from: 4, count: 10)]));

        run.Execute();

        Assert.Contains(AlarmKind.ClockAway, run.Region(1)!.Alarms);
        Assert.Equal(10, run.History.Transactions.Count);
    }

    [Fact]
    public void A_transaction_larger_than_window_and_waiting_room_gets_through()
    {
        var changes = Enumerable.Range(0, 500).Select(number => new ModelChange(new ModelKey(ModelKind.Counter, number, 0), ChangeVerb.Add, 1)).ToList();
        var plan = Plan(new LinkReset(3 * Second, 1, 2), new ClientOperation(Second, 1, changes, [], -1));
        plan = plan with
        {
            Options = plan.Options with { WindowBytes = 2000, WaitingBytesMax = 2000, BatchBytes = 500 },
            Replica = plan.Replica with { ChangesPerRecord = 10 },
        };
        var run = new SimulationRun(plan);

        run.Execute();

        Assert.Equal(50UL, run.Region(2)!.Replica.State.Applied[1].Sequence);
    }

    private static SimulationPlan Plan(Fault fault, params ClientOperation[] operations) => Plan([fault], operations);

    private static SimulationPlan Plan(IReadOnlyList<Fault> faults, params ClientOperation[] operations) => new(
        1, new NetworkSettings(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(41), TimeSpan.FromMilliseconds(1), 1e8, 0, 0, 0, TimeSpan.Zero),
        new ReplicaSettings(TimeSpan.FromMilliseconds(3), 100, 5), new ReplicationOptions(), [1, 2, 3], [], faults, operations, 14 * Second);

    /// <summary>Writes, twenty milliseconds apart.</summary>
    private static ClientOperation[] WritesOf(ushort region, double from, int count, int key = 0, int keys = 10) => [.. Enumerable.Range(0, count).Select(number => new ClientOperation(
        TimeSpan.FromSeconds(from + (number * 0.02)), region, [new ModelChange(new ModelKey(ModelKind.Register, key + (number % keys), 0), ChangeVerb.Set, (long)((from * 1000) + number + 1))], [], -1))];
}
