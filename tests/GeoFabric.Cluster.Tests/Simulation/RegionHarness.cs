using GeoFabric.Database.Layout;
using GeoFabric.Replication;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>One region by itself, whose peers are played by the test.</summary>
internal sealed class RegionHarness
{
    private readonly ModelReplica _replica;

    public RegionHarness(ushort id, params ushort[] others)
    {
        Configuration = new ClusterConfiguration(1, others.Append(id).Select(region => new RegionMember(region, 0)));
        _replica = new ModelReplica(new ChangeOrigin(id, 0), Configuration, new ReplicaSettings(TimeSpan.Zero, 100, 100));
        Core = new RegionCore(_replica.State, Configuration, _replica, _replica);
        Step(TimePassed.Instance);
    }

    public ClusterConfiguration Configuration { get; }

    public RegionCore Core { get; }

    public DateTimeOffset Now { get; set; } = SimulationRun.Start;

    public List<CoreOutput> Outputs { get; } = [];

    public AppliedVector Applied => _replica.State.Applied;

    public long Register(int number) => _replica.Read(new ModelKey(ModelKind.Register, number, 0)).Register;

    public IEnumerable<Frame> Sent(ushort peer) => Outputs.OfType<SendFrame>().Where(send => send.Peer == peer).Select(send => FrameCodec.Decode(send.Frame)!);

    public long Refused(ushort peer, RefusalReason reason) => Core.Links.Single(link => link.Peer == peer).Counters.Refused(reason);

    /// <summary>Steps the core, and does at once what it asks of its storage.</summary>
    public void Step(CoreInput input)
    {
        foreach (var output in Core.Step(Now, input))
        {
            Outputs.Add(output);
            switch (output)
            {
                case ApplyRecords apply:
                    _replica.Apply(apply.Records);
                    Step(new RecordsApplied(_replica.State.Applied));
                    break;
                case RequestWatermark:
                    var (sequence, timestamp) = _replica.TakeWatermark(Now);
                    Step(new WatermarkTaken(sequence, timestamp));
                    break;
                case StableAdvanced advanced:
                    _replica.AdvanceStable(advanced.Stable);
                    break;
            }
        }
    }

    public void Wait(TimeSpan time)
    {
        for (var end = Now + time; Now < end; Now += TimeSpan.FromMilliseconds(25))
            Step(TimePassed.Instance);
    }

    public void Write(long value) => Write([new ModelChange(new ModelKey(ModelKind.Register, 1, 0), ChangeVerb.Set, value)]);

    public void Write(IReadOnlyList<ModelChange> changes) => Step(Commit(changes));

    /// <summary>Writes a transaction that the core is not told of yet.</summary>
    public LocalCommitted Commit(IReadOnlyList<ModelChange> changes)
    {
        var outcome = _replica.Commit(Now, changes);
        return new LocalCommitted(outcome.LastSequence, outcome.Timestamp, outcome.Bytes);
    }

    /// <summary>Connects a peer that says it has applied nothing.</summary>
    public void Greet(ushort peer) => Greet(peer, new HelloFrame(
        HelloFrame.CurrentVersion, new ChangeOrigin(peer, 0), 1, true, Now.ToUnixTimeMilliseconds(), 0, default, 1 << 20, AppliedVector.Empty));

    public void Greet(ushort peer, HelloFrame hello)
    {
        Step(new PeerConnected(peer));
        Receive(peer, hello);
    }

    public void Receive(ushort peer, Frame frame) => Step(new FrameReceived(peer, FrameCodec.Encode(frame)));
}
