using System.Globalization;

namespace GeoFabric.Server.Sockets;

/// <summary>
/// How many files and connections the operating system lets the process have. At the limit the runtime itself cannot go on: it ends the process
/// when it cannot open a file of its own, so clients must not get there by opening connections.
/// </summary>
internal static class OpenFileLimit
{
    /// <summary>What is left after the start is for connections and, the same again, for fabrics' files and for what requests open.</summary>
    private const int ShareOfConnections = 2;

    /// <summary>So many connections are taken even if that leaves too little for anything else.</summary>
    private const long ConnectionsMin = 8;

    /// <summary>The connections wanted, or as many as there is room for.</summary>
    public static long CapConnections(long wanted) =>
        OperatingSystem.IsLinux() && ReadLimit("/proc/self/limits") is { } limit ? CapConnections(wanted, limit, Directory.GetFiles("/proc/self/fd").Length) : wanted;

    internal static long CapConnections(long wanted, long limit, long open) => Math.Min(wanted, Math.Max(ConnectionsMin, (limit - open) / ShareOfConnections));

    /// <summary>Null when there is none.</summary>
    internal static long? ReadLimit(string file)
    {
        const string Name = "Max open files";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
