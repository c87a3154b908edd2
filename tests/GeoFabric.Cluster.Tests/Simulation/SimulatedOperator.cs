using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Changes the membership, one job after the other, with what an operator can see and do from outside.</summary>
internal sealed class SimulatedOperator(SimulationRun run, ClusterConfiguration initial)
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);
    private readonly Queue<IEnumerator<bool>> _jobs = [];
    private readonly Dictionary<RegionRestored, (ISimulatedReplica Replica, AppliedVector Applied)> _backups = [];
    private bool _isWorking;

    public ClusterConfiguration Current { get; private set; } = initial;

    public bool IsIdle => _jobs.Count == 0;

    public void TakeBackup(RegionRestored restored)
    {
        if (run.Region(restored.Region) is { } region)
            _backups[restored] = (region.Replica.Copy(), run.History.AppliedBy(restored.Region));
    }

    public void Begin(Fault fault)
    {
        var job = fault switch
        {
            RegionAdded added => Add(added.Region),
            RegionRemoved removed => Remove(removed.Region, removed.IsGone),
            RegionRestored restored => Restore(restored),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
        _jobs.Enqueue(job.GetEnumerator());
        if (!_isWorking)
            Work();
    }

    private void Work()
    {
        _isWorking = _jobs.Count > 0;
        if (!_isWorking)
            return;
        Publish();
        if (!_jobs.Peek().MoveNext())
            _jobs.Dequeue();
        run.Events.After(PollTime, Work);
    }

    /// <summary>Hands the configuration to the first member that runs; the others learn it from each other.</summary>
    private void Publish()
    {
        var home = run.Regions.FirstOrDefault(region => region.IsUp && !region.IsPaused && Current.Member(region.Id) is not null);
        home?.Learn(Current);
    }

    private void Publish(ClusterConfiguration configuration)
    {
        run.Note($"epoch {configuration.Epoch}: {string.Join(' ', configuration.Members.Select(member => $"{member.Region}.{member.Incarnation}{(member.IsFrozen ? "*" : "")}"))}, closed {string.Join(' ', configuration.Closed.Select(end => $"{end.Origin.Region}.{end.Origin.Incarnation}:{end.LastSequence}"))}");
        Current = configuration;
        Publish();
    }

    private IEnumerable<bool> Add(ushort region)
    {
        if (Current.Regions.Contains(region))
            yield break;
        var epoch = Current.Epoch + 1;
        Publish(new ClusterConfiguration(epoch, Current.Members.Append(new RegionMember(region, 0, epoch)), Current.Closed, Current.Scopes));
        run.AddRegion(region, Current);
    }

    private IEnumerable<bool> Remove(ushort id, bool isGone)
    {
        if (Current.Member(id) is null || run.Region(id) is not { } region)
            yield break;
        if (isGone)
        {
            region.IsHeld = true;
            region.Crash();
        }
        else
        {
            region.IsDraining = true;
            while (!run.Regions.All(other => other == region || Current.Member(other.Id) is null || HoldsAllOf(other, region)))
                yield return true;
        }
        var (own, before) = (region.Replica.State, Current.Closed);
        Publish(OriginClosing.Freeze(Current, id));
        foreach (var wait in Close(id, null, null))
            yield return wait;
        if (!isGone && Current.Closed.Except(before.Append(new ClosedMember(own.Origin, own.LastSequence))).Any())
            throw new SimulationFailure("P14", $"region {id} left in order after it had written {own.LastSequence} records, and something was lost");
        region.IsHeld = true;
        region.Crash();
        run.RemoveRegion(region);
    }

    private IEnumerable<bool> Restore(RegionRestored restored)
    {
        if (Current.Member(restored.Region) is not { } member || run.Region(restored.Region) is not { } region || !_backups.TryGetValue(restored, out var backup))
            yield break;
        region.IsHeld = true;
        region.Crash();
        if (run.Mutation.Host.HasFlag(HostFault.ReusesSequences))
        {
            Return(region, backup, null);
            yield break;
        }
        var held = HeldBy(backup.Replica.State);
        Publish(OriginClosing.Freeze(Current, restored.Region));
        foreach (var wait in Close(restored.Region, (byte)(member.Incarnation + 1), held))
            yield return wait;
        Return(region, backup, (byte)(member.Incarnation + 1));
    }

    private void Return(SimulatedRegion region, (ISimulatedReplica Replica, AppliedVector Applied) backup, byte? incarnation)
    {
        region.Replica = backup.Replica;
        if (incarnation is { } next)
            region.Replica.BecomeIncarnation(next);
        region.Replica.Configuration = Current;
        run.History.Replace(region.Id, backup.Applied);
        run.Note($"region {region.Id} returns with {backup.Applied}");
        region.IsHeld = false;
        region.Start();
    }

    /// <summary>What others can get from a region that returns: of the records of others not those that may be part of a snapshot.</summary>
    private static AppliedVector HeldBy(RegionState state)
    {
        var held = state.IsEstablished ? state.Applied : AppliedVector.Of(state.Applied.Positions.Where(position => position.Region == state.Origin.Region));
        return state.LastSequence == 0 ? held : held.With(new OriginPosition(state.Origin.Region, state.Origin.Incarnation, state.LastSequence, default));
    }

    private IEnumerable<bool> Close(ushort region, byte? successor, AppliedVector? held)
    {
        while (true)
        {
            var reports = run.Regions.Where(other => other.Core is not null && !other.IsBusy)
                .ToDictionary(other => other.Id, other => new MemberReport(other.Core!.Configuration.Epoch, other.Core.Standing != RegionStanding.CatchingUp, other.Replica.State.Applied));
            if (OriginClosing.Close(Current, region, reports, successor, held) is { } closed)
            {
                foreach (var end in closed.Closed)
                    run.History.End(end.Origin, end.LastSequence);
                Publish(closed);
                yield break;
            }
            yield return true;
        }
    }

    private bool HoldsAllOf(SimulatedRegion other, SimulatedRegion region)
    {
        var (held, own) = (other.Replica.State.Applied, region.Replica.State);
        return OriginClosing.HoldsWhatEnded(Current, own.Applied, held)
            && (own.LastSequence == 0 || !held[region.Id].IsBehind(new OriginPosition(region.Id, own.Origin.Incarnation, own.LastSequence, default)));
    }
}
