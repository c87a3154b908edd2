using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Consistency;

/// <summary>
/// Hands the lead of strongly consistent writes from this region to another without a moment in which both lead: new requests are held off, those under
/// way finish, the other region applies all that was written here, and only then the configuration names it.
/// </summary>
/// <remarks>A region that takes over by force skips all that: whatever it has not received is merged when the old leader comes back.</remarks>
internal sealed class SpotLeadership(IReplicationView replication, TimeProvider clock)
{
    /// <summary>How long strong requests are held off at most.</summary>
    private static readonly TimeSpan s_handOverMax = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<uint> _held = [];
    private readonly Dictionary<uint, int> _underWay = [];
    private TaskCompletionSource _changed = NewSource();

    /// <summary>Begins a request that this region answers as the leader.</summary>
    /// <returns>Dispose it when the request has been answered.</returns>
    /// <exception cref="GeoFabricException">1477 while the lead is handed over.</exception>
    public IDisposable Enter(uint fabricId)
    {
        lock (_gate)
        {
            if (_held.Contains(fabricId))
                throw ErrorCodes.RegionUnavailable.With("the lead of strong writes is being handed to another region");
            _underWay[fabricId] = _underWay.GetValueOrDefault(fabricId) + 1;
        }
        return new Lease(this, fabricId);
    }

    /// <summary>Hands the lead of some fabrics to a region.</summary>
    /// <param name="change">Names the new leader in the configuration; strong requests are held off until it has ended.</param>
    /// <exception cref="GeoFabricException">1477 when the region does not catch up in time; the lead stays here.</exception>
    public async Task HandOverAsync(IReadOnlyCollection<uint> fabrics, ClusterRegion target, Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_handOverMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Hold(fabrics);
        try
        {
            await WaitForIdleAsync(fabrics, both.Token);
            await replication.DrainAsync(target.Id, both.Token);
            await change(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' has not applied all that was written here within {s_handOverMax.TotalSeconds:F0} s, so the lead stays; see whether it is linked");
        }
        finally
        {
            Release(fabrics);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Hold(IReadOnlyCollection<uint> fabrics)
    {
        lock (_gate)
        {
            if (fabrics.Any(_held.Contains))
                throw ErrorCodes.RegionStateConflict.With("the lead is being handed over already");
            _held.UnionWith(fabrics);
        }
    }

    private void Release(IReadOnlyCollection<uint> fabrics)
    {
        lock (_gate)
            _held.ExceptWith(fabrics);
    }

    private async Task WaitForIdleAsync(IReadOnlyCollection<uint> fabrics, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (!fabrics.Any(_underWay.ContainsKey))
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Leave(uint fabricId)
    {
        lock (_gate)
        {
            if (--_underWay[fabricId] > 0)
                return;
            _underWay.Remove(fabricId);
            _changed.SetResult();
            _changed = NewSource();
        }
    }

    private sealed class Lease(SpotLeadership leadership, uint fabricId) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                leadership.Leave(fabricId);
        }
    }
}
