using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What has to hold once everything has healed and come to rest.</summary>
internal sealed class FinalChecks(SimulationRun run)
{
    public void Check(IReadOnlyList<SimulatedRegion> members)
    {
        foreach (var region in members)
        {
            foreach (var other in members.TakeWhile(other => other != region))
                run.Checks.CompareStates(region, other);
        }
        CheckSnapshots(members);
        var surviving = run.History.Surviving.ToList();
        foreach (var region in members)
        {
            var visible = surviving.Select(transaction => (transaction, Changes: transaction.Changes.Where(change => IsKeptBy(change.Key.Scope, region)).ToList())).ToList();
            CheckCounters(region, visible);
            CheckRegisters(region, visible);
            CheckSets(region, visible);
            if (region.Replica.CheckAtRest(surviving).FirstOrDefault() is { } wrong)
                throw new SimulationFailure("rest", $"region {region.Id}: {wrong}");
        }
        Replay(members[0], surviving);
    }

    /// <summary>P13: nobody was forced to start over by what the protocol itself dropped.</summary>
    private void CheckSnapshots(IReadOnlyList<SimulatedRegion> members)
    {
        if (!run.Plan.MayNeedSnapshots && members.FirstOrDefault(region => region.SnapshotsBegun > 0) is { } late)
            throw new SimulationFailure("P13", $"region {late.Id} needed a snapshot although nothing was dropped by force");
    }

    /// <summary>P5: each acknowledged increment counts once.</summary>
    private static void CheckCounters(SimulatedRegion region, IReadOnlyList<(Acknowledged Transaction, List<ModelChange> Changes)> visible)
    {
        var sums = visible.SelectMany(entry => entry.Changes).Where(change => change.Verb == ChangeVerb.Add).GroupBy(change => change.Key);
        foreach (var sum in sums)
        {
            var (expected, found) = (sum.Sum(change => change.Value), region.Replica.Read(sum.Key).Sum);
            if (expected != found)
                throw new SimulationFailure("P5", $"{sum.Key} of region {region.Id} is {found}, the acknowledged increments make {expected}");
        }
    }

    /// <summary>P8: a register holds what was written last, or nothing if that was a deletion.</summary>
    private static void CheckRegisters(SimulatedRegion region, IReadOnlyList<(Acknowledged Transaction, List<ModelChange> Changes)> visible)
    {
        var last = new Dictionary<ModelKey, (RevisionStamp Stamp, long Value)>();
        foreach (var (transaction, changes) in visible)
        {
            foreach (var change in changes.Where(change => change.Verb is ChangeVerb.Set or ChangeVerb.Delete))
            {
                if (transaction.Stamp >= last.GetValueOrDefault(change.Key).Stamp)
                    last[change.Key] = (transaction.Stamp, change.Verb == ChangeVerb.Set ? change.Value : 0);
            }
        }
        foreach (var (key, (_, value)) in last)
        {
            var found = region.Replica.Read(key).Register;
            if (found != value)
                throw new SimulationFailure("P8", $"{key} of region {region.Id} holds {found}, the last acknowledged write {value}");
        }
    }

    /// <summary>P8: an element is there unless every write of it was seen by somebody who removed it.</summary>
    private static void CheckSets(SimulatedRegion region, IReadOnlyList<(Acknowledged Transaction, List<ModelChange> Changes)> visible)
    {
        var elements = visible.SelectMany(entry => entry.Changes.Select((change, index) => (entry.Transaction, Change: change, Index: index)))
            .Where(entry => entry.Change.Verb is ChangeVerb.Include or ChangeVerb.Exclude)
            .GroupBy(entry => (entry.Change.Key, entry.Change.Value));
        foreach (var element in elements)
        {
            var excludes = element.Where(entry => entry.Change.Verb == ChangeVerb.Exclude).ToList();
            var isExpected = element.Any(include => include.Change.Verb == ChangeVerb.Include && !excludes.Exists(exclude =>
                exclude.Transaction == include.Transaction ? exclude.Index > include.Index : HasSeen(exclude.Transaction, include.Transaction)));
            if (region.Replica.Read(element.Key.Key).Elements.Contains(element.Key.Value) != isExpected)
                throw new SimulationFailure("P8", $"element {element.Key.Value} of {element.Key.Key} in region {region.Id} should {(isExpected ? "" : "not ")}be there");
        }
    }

    /// <summary>P2: the records give the same state in any order that keeps causes before effects.</summary>
    private void Replay(SimulatedRegion region, List<Acknowledged> surviving)
    {
        var random = new SeededRandom(run.Plan.Seed).Fork(0x2E91A7);
        var reference = new ModelReplica(new ChangeOrigin(ushort.MaxValue, 0), run.Operator.Current, run.Plan.Replica with { ChangesPerRecord = int.MaxValue });
        var waiting = surviving.Select(transaction => transaction.Origin.Region).Distinct().Order()
            .Select(origin => new Queue<Acknowledged>(surviving.Where(transaction => transaction.Origin.Region == origin).OrderBy(transaction => transaction.Origin.Incarnation).ThenBy(transaction => transaction.FirstSequence)))
            .ToList();
        var applied = AppliedVector.Empty;
        var told = new Dictionary<ushort, AppliedVector>();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(queue => queue.Peek().Observed.Positions.All(cause => cause.Region == queue.Peek().Origin.Region || !applied[cause.Region].IsBehind(cause))).ToList();
            if (ready.Count == 0)
                throw new SimulationFailure("P2", "the records have causes in a circle, or causes that were lost");
            var queue = random.Pick(ready);
            var next = queue.Dequeue();
            if (queue.Count == 0)
                waiting.Remove(queue);
            var dependencies = next.Observed.Positions.Where(cause => cause.Region != next.Origin.Region).Select(cause => new ChangeDependency(cause.Region, cause.Timestamp)).ToList();
            var record = ModelRecord.Write(next.Origin, next.LastSequence, next.Stamp.Timestamp, default, 0, false, dependencies, next.Changes);
            reference.Apply([record]);
            applied = applied.With(new OriginPosition(next.Origin.Region, next.Origin.Incarnation, next.LastSequence, next.Stamp.Timestamp));
        }
        foreach (var scope in run.Scopes.Where(scope => scope == 0))
        {
            if (reference.Digest(scope) != region.Replica.Digest(scope))
                throw new SimulationFailure("P2", $"another causal order of the same records gives another state in scope {scope}");
        }
    }

    /// <summary>Whether a region has to have an operation: those of a narrow scope may be gone with the disk of the only one that had them.</summary>
    private bool IsKeptBy(ulong scope, SimulatedRegion region) =>
        scope == 0 || (run.MaySee(scope, region.Id) && !run.Plan.Faults.Any(fault => fault is RegionRestored restored && run.MaySee(scope, restored.Region)));

    private static bool HasSeen(Acknowledged later, Acknowledged earlier) => later.Origin.Region == earlier.Origin.Region
        ? (later.Origin.Incarnation, later.FirstSequence).CompareTo((earlier.Origin.Incarnation, earlier.FirstSequence)) > 0
        : !later.Observed[earlier.Origin.Region].IsBehind(new OriginPosition(earlier.Origin.Region, earlier.Origin.Incarnation, earlier.LastSequence, default));
}
