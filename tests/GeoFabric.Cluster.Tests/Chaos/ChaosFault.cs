namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>What is done to a region's process.</summary>
internal enum ChaosFault
{
    /// <summary>kill -9, and a start a moment later.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT a while later: it does not know that time has passed.</summary>
    Freeze,

    /// <summary>The link to another region is cut.</summary>
    CutLink,

    /// <summary>Everything to another region leaves later.</summary>
    DelayLink,

    /// <summary>A part of the packets to the region's port for others is lost.</summary>
    LosePackets,

    /// <summary>All of them are, while its own packets get through.</summary>
    Deafen,

    /// <summary>Its disk is full.</summary>
    FillDisk,

    /// <summary>Its clock jumps, and back.</summary>
    MoveClock,
}

/// <summary>A fault that happens at some time of the run, for a while.</summary>
/// <param name="Region">The region it happens to, by its place.</param>
/// <param name="Other">The other end, for links.</param>
/// <param name="Strength">0 to 1: how long the delay, how many of the packets, how far the clock.</param>
internal sealed record PlannedFault(ChaosFault Fault, TimeSpan At, TimeSpan Length, int Region, int Other, double Strength);
