using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Clients: those of a session carry what they have seen from region to region and wait until a region has it.</summary>
internal sealed class Sessions(SimulationRun run)
{
    private const int TriesMax = 20;
    private readonly Dictionary<int, AppliedVector> _tokens = [];

    public void Begin(ClientOperation operation) => Try(operation, 0);

    private void Try(ClientOperation operation, int tries)
    {
        if (run.Region(operation.Region) is not { IsLive: true, IsPaused: false } region)
            return;
        if (operation.Session >= 0 && !IsCovered(region, operation.Session))
        {
            if (tries < TriesMax)
                run.Events.After(TimeSpan.FromMilliseconds(50), () => Try(operation, tries + 1));
            return;
        }
        run.Checks.Read(operation, region);
        if (operation.Changes.Count > 0 && region.TryWrite(operation.Changes))
            run.Checks.Wrote(operation);
        // What the region has now, the client may have seen.
        if (operation.Session >= 0)
            _tokens[operation.Session] = region.Replica.State.Applied;
    }

    private bool IsCovered(SimulatedRegion region, int session) =>
        !_tokens.TryGetValue(session, out var token) || region.Core!.Applied.Covers(token);
}
