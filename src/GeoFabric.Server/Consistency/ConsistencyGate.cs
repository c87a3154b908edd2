using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Consistency;

/// <summary>Holds requests back until this region's copy is what they rely on, for a moment; then says that it is not (503, with a time to try again).</summary>
/// <param name="members">Numbers of the regions whose writes count, this one included.</param>
/// <param name="nameOf">What people call a region.</param>
internal sealed class ConsistencyGate(IReplicationView replication, Func<IReadOnlyList<ushort>> members, Func<ushort, string> nameOf, ushort self, TimeProvider clock)
{
    /// <summary>How long a request waits; a client that goes to another region gets its answer sooner than by waiting longer.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    /// <summary>Waits until nothing of what the session has seen is missing.</summary>
    /// <exception cref="GeoFabricException">1478 when it still is after <see cref="WaitMax"/>.</exception>
    public Task WaitForSessionAsync(SessionToken token, CancellationToken cancellationToken) => WaitAsync(
        token.FabricId,
        positions => token.MissingFrom(positions, members()) is var (region, needed)
            ? $"the session has seen '{nameOf(region)}' up to {DescribeTime(needed)}, this region has it up to {DescribeTime(positions[region])}"
            : null,
        cancellationToken);

    /// <summary>Waits until everything that any region wrote up to so long ago has been applied.</summary>
    /// <exception cref="GeoFabricException">1478 when it has not after <see cref="WaitMax"/>.</exception>
    public Task WaitForFreshnessAsync(uint fabricId, TimeSpan staleness, CancellationToken cancellationToken) => WaitAsync(
        fabricId,
        positions =>
        {
            var oldest = HybridTimestamp.FromUnixMilliseconds((clock.GetUtcNow() - staleness).ToUnixTimeMilliseconds());
            foreach (var region in members())
            {
                if (region != self && positions[region] < oldest && positions.Stable < oldest)
                    return $"'{nameOf(region)}' was last heard of {DescribeAge(positions[region])}, not within {staleness.TotalMilliseconds:F0} ms";
            }
            return null;
        },
        cancellationToken);

    private async Task WaitAsync(uint fabricId, Func<FabricPositions, string?> findMissing, CancellationToken cancellationToken)
    {
        var positions = replication.ReadPositions(fabricId);
        if (findMissing(positions) is not { } missing)
            return;
        using var timeout = new CancellationTokenSource(WaitMax, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        while (true)
        {
            try
            {
                await replication.WaitForChangeAsync(fabricId, positions, both.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw ErrorCodes.NotRecentEnough.With($"{missing}; try again, or another region");
            }
            positions = replication.ReadPositions(fabricId);
            if (findMissing(positions) is not { } still)
                return;
            missing = still;
        }
    }

    private static string DescribeTime(HybridTimestamp time) => time == default
        ? "nothing"
        : DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds).ToString("HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private string DescribeAge(HybridTimestamp position) => position == default
        ? "never"
        : FormattableString.Invariant($"{position.AgeAt(clock.GetUtcNow()).TotalMilliseconds} ms ago");
}
