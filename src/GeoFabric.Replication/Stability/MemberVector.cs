using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Stability;

/// <summary>What one member said to have applied, as far as it counts for stability.</summary>
internal sealed class MemberVector(byte incarnation)
{
    private (AppliedVector Vector, OriginPosition SaidAt)? _waiting;
    private (AppliedVector Vector, OriginPosition SaidAt)? _newest;

    public byte Incarnation => incarnation;

    /// <summary>What everything still to come from the member has observed; null before anything counts.</summary>
    public AppliedVector? Counting { get; private set; }

    /// <summary>What the member said last, for the logs: what it has applied it will not ask for.</summary>
    public AppliedVector Newest { get; private set; } = AppliedVector.Empty;

    /// <param name="saidAt">Where the member's own log stood when it said so.</param>
    public void Say(AppliedVector vector, OriginPosition saidAt)
    {
        Newest = vector;
        // The one that waits is kept until it counts: were it replaced each time, a busy member's would never count.
        if (_waiting is null)
            _waiting = (vector, saidAt);
        else
            _newest = (vector, saidAt);
    }

    /// <summary>Lets count what the member said when its log stood no further than here.</summary>
    public void Reach(OriginPosition applied, ProtocolRules rules)
    {
        while (_waiting is { } waiting && rules.CountsMemberVector(waiting.SaidAt, applied))
        {
            Counting = waiting.Vector;
            _waiting = _newest;
            _newest = null;
        }
    }
}
