namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Something that goes wrong, or that an operator does.</summary>
/// <param name="Time">When it begins.</param>
internal abstract record Fault(TimeSpan Time);

/// <summary>The connection between two regions breaks; it can be made again at once.</summary>
internal sealed record LinkReset(TimeSpan Time, ushort Left, ushort Right) : Fault(Time);

/// <summary>Nothing gets from one region to another for a while; the other way may work.</summary>
internal sealed record OneWayCut(TimeSpan Time, ushort From, ushort To, TimeSpan Duration) : Fault(Time);

/// <summary>Nothing gets over these pairs for a while.</summary>
internal sealed record Partition(TimeSpan Time, string Shape, IReadOnlyList<(ushort Left, ushort Right)> Pairs, TimeSpan Duration) : Fault(Time)
{
    public override string ToString() => $"Partition {{ Time = {Time}, {Shape}: {string.Join(' ', Pairs.Select(pair => $"{pair.Left}-{pair.Right}"))}, Duration = {Duration} }}";
}

/// <summary>The process dies and is started again later; what was not durable is gone.</summary>
internal sealed record Crash(TimeSpan Time, ushort Region, TimeSpan Duration) : Fault(Time);

/// <summary>The process stands still and then goes on.</summary>
internal sealed record Pause(TimeSpan Time, ushort Region, TimeSpan Duration) : Fault(Time);

/// <summary>The region's clock is set.</summary>
internal sealed record ClockJump(TimeSpan Time, ushort Region, TimeSpan Offset) : Fault(Time);

/// <summary>The region's clock runs too fast or too slow from now on.</summary>
internal sealed record ClockDrift(TimeSpan Time, ushort Region, double Rate) : Fault(Time);

/// <summary>A region that did not take part joins with an empty disk.</summary>
internal sealed record RegionAdded(TimeSpan Time, ushort Region) : Fault(Time);

/// <summary>A region stops writing, hands its log over and leaves; or is just gone.</summary>
internal sealed record RegionRemoved(TimeSpan Time, ushort Region, bool IsGone) : Fault(Time);

/// <summary>A region loses its disk and returns with a backup taken earlier.</summary>
internal sealed record RegionRestored(TimeSpan Time, ushort Region, TimeSpan BackupTime) : Fault(Time);

/// <summary>A region drops what a majority has from its logs, whether or not the others have it.</summary>
internal sealed record ForcedTruncation(TimeSpan Time, ushort Region) : Fault(Time);
