using System.Diagnostics;
using System.Globalization;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>A network and mounts of this run's own, where tests/private-system.sh has made them: packets can be lost and disks fill up without anybody else noticing.</summary>
internal static class PrivateSystem
{
    private const int DiskMegabytes = 64;
    private const string Filler = "filler";

    /// <summary>Null, or why packets cannot be lost here.</summary>
    public static string? NoPacketLoss { get; } = !IsPrivate
        ? "needs a network namespace"
        : FilterPath is null
            ? "needs iptables"
            : TryFilter("--list") ? null : "the kernel has no iptables";

    /// <summary>Null, or why no small disk can be made here.</summary>
    public static string? NoSmallDisk { get; } = IsPrivate ? null : "needs a mount namespace";

    private static bool IsPrivate => Environment.GetEnvironmentVariable("GEOFABRIC_PRIVATE_SYSTEM") == "yes";

    private static string? FilterPath => Environment.GetEnvironmentVariable("GEOFABRIC_IPTABLES") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>Loses a part of the packets that go to a port.</summary>
    /// <param name="part">1 loses all of them: a link that is cut one way.</param>
    public static void LosePackets(int port, double part) => Filter("--append", port, part);

    public static void KeepPackets(int port, double part) => Filter("--delete", port, part);

    /// <summary>Gives a directory a small disk of its own.</summary>
    public static void MountSmallDisk(string directory)
    {
        Directory.CreateDirectory(directory);
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={DiskMegabytes}m,mode=700"), "none", directory);
    }

    public static void FillDisk(string directory)
    {
        var block = new byte[1 << 16];
        using var file = new FileStream(Path.Combine(directory, Filler), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var written = 0L; written < (long)DiskMegabytes << 20; written += block.Length)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full, as it should be; the last pages go one by one.
            FillRest(file);
        }
    }

    public static void EmptyDisk(string directory) => File.Delete(Path.Combine(directory, Filler));

    public static void UnmountDisk(string directory) => Run("umount", "--lazy", directory);

    private static void FillRest(FileStream file)
    {
        try
        {
            var page = new byte[4096];
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
        }
    }

    private static void Filter(string action, int port, double part)
    {
        var portText = port.ToString(CultureInfo.InvariantCulture);
        var partText = part.ToString("0.00", CultureInfo.InvariantCulture);
        Run(FilterPath!, "iptables", action, "INPUT", "--protocol", "tcp", "--dport", portText, "--match", "statistic", "--mode", "random", "--probability", partText, "--jump", "DROP");
    }

    private static bool TryFilter(string action)
    {
        try
        {
            Run(FilterPath!, "iptables", action);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException($"{program} {string.Join(' ', arguments)}: {complaint}");
    }
}
