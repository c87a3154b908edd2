using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What has to hold at every moment of a run.</summary>
internal sealed class SimulationChecks(SimulationRun run)
{
    private readonly Dictionary<(int Session, ModelKey Key), long> _seen = [];

    /// <summary>P1: regions that have applied the same show the same. P7: pairs are never torn.</summary>
    public void HasApplied(SimulatedRegion region, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        foreach (var record in records)
        {
            foreach (var key in region.Replica.KeysOf(record))
            {
                if (key.Kind == ModelKind.Paired && region.Core!.Standing != RegionStanding.CatchingUp)
                    ComparePair(region, key);
            }
        }
        if (region.Core!.Standing == RegionStanding.CatchingUp)
            return;
        var applied = run.History.AppliedBy(region.Id);
        foreach (var other in run.Regions)
        {
            if (other != region && other.Core is { } core && core.Standing != RegionStanding.CatchingUp && run.History.AppliedBy(other.Id).Equals(applied))
                CompareStates(region, other);
        }
    }

    public void CompareStates(SimulatedRegion left, SimulatedRegion right)
    {
        foreach (var scope in run.Scopes)
        {
            if (!run.MaySee(scope, left.Id) || !run.MaySee(scope, right.Id))
                continue;
            if (left.Replica.Digest(scope) != right.Replica.Digest(scope))
                throw new SimulationFailure("P1", $"regions {left.Id} and {right.Id} have both applied {run.History.AppliedBy(left.Id)} and differ in scope {scope}: {run.Differences(left, right, scope)}");
        }
        if (run.Plan.Scopes.Count == 0 && left.Replica.ContentDigest != right.Replica.ContentDigest)
            throw new SimulationFailure("P1", $"regions {left.Id} and {right.Id} have both applied {run.History.AppliedBy(left.Id)} and differ in documents");
    }

    /// <summary>P16: nothing of a scope leaves for a region outside it.</summary>
    public void IsSent(ushort receiver, ReadOnlyMemory<byte> frame)
    {
        if (run.Plan.Scopes.Count == 0)
            return;
        switch (FrameCodec.Decode(frame))
        {
            case BatchFrame batch:
                foreach (var (_, record) in BatchCodec.Decode(batch, out _))
                    MaySee(ModelRecord.ReadScopes(record), receiver);
                break;
            case SnapshotPieceFrame piece:
                var reader = new ModelSnapshot(new SnapshotBegun([], [], []), AppliedVector.Empty, null);
                reader.Store(piece.Piece);
                MaySee(reader.Documents.Select(document => document.Key.Scope), receiver);
                break;
        }
    }

    /// <summary>P4: what a session has written or seen is not gone from where it reads next. P7: both of a pair are the same.</summary>
    public void Read(ClientOperation operation, SimulatedRegion region)
    {
        foreach (var key in operation.Reads)
        {
            if (key.Kind == ModelKind.Paired)
                ComparePair(region, key);
            if (operation.Session < 0 || key.Kind != ModelKind.Session)
                continue;
            var value = region.Replica.Read(key).Register;
            var seen = _seen.GetValueOrDefault((operation.Session, key));
            if (run.History.StampOf(value) < run.History.StampOf(seen))
                throw new SimulationFailure("P4", $"session {operation.Session} finds {value} in {key} of region {region.Id} after it had {seen}");
            _seen[(operation.Session, key)] = value;
        }
    }

    public void Wrote(ClientOperation operation)
    {
        foreach (var change in operation.Changes)
        {
            if (operation.Session >= 0 && change.Key.Kind == ModelKind.Session)
                _seen[(operation.Session, change.Key)] = change.Value;
        }
    }

    /// <summary>P17: a region that takes itself for no older than this has everything written before.</summary>
    public void ProbeStaleness(SimulatedRegion region, TimeSpan bound)
    {
        if (run.Plan.HasClockFaults || !region.IsLive)
            return;
        var limit = region.Wall - bound;
        var isFresh = region.Core!.Configuration.Members.All(member =>
            member.Region == region.Id || region.Core.Applied[member.Region].Timestamp.UnixMilliseconds >= limit.ToUnixTimeMilliseconds());
        if (!isFresh)
            return;
        var applied = run.History.AppliedBy(region.Id);
        // A millisecond is what the clock cannot tell apart.
        var late = run.History.Surviving.FirstOrDefault(transaction =>
            transaction.Time < run.Events.Now - bound - TimeSpan.FromMilliseconds(1)
            && region.Core.Configuration.Member(transaction.Origin.Region) is not null
            && applied[transaction.Origin.Region].IsBehind(new OriginPosition(transaction.Origin.Region, transaction.Origin.Incarnation, transaction.LastSequence, default)));
        if (late is not null)
            throw new SimulationFailure("P17", $"region {region.Id} takes itself for no older than {bound.TotalMilliseconds} ms and lacks {late.Origin}:{late.LastSequence} of {run.Events.Now - late.Time} ago");
    }

    private void ComparePair(SimulatedRegion region, ModelKey key)
    {
        var twin = key with { Number = key.Number ^ 1 };
        var (left, right) = (region.Replica.Read(key).Register, region.Replica.Read(twin).Register);
        if (left != right)
            throw new SimulationFailure("P7", $"region {region.Id} has {left} in {key} and {right} in {twin}, which are only written together");
    }

    private void MaySee(IEnumerable<ulong> scopes, ushort receiver)
    {
        foreach (var scope in scopes)
        {
            if (!run.MaySee(scope, receiver))
                throw new SimulationFailure("P16", $"operations of scope {scope} are sent to region {receiver}");
        }
    }
}
