using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace GeoFabric.Query.Builtins.Dates;

/// <summary>The time zones of the system's zone files (RFC 8536), by their IANA names. UTC is there even without any files.</summary>
/// <remarks>Thread-safe. Zones are read once and kept; a new zone database is seen after a restart.</remarks>
internal static class TimeZones
{
    private static readonly string? Folder = Array.Find(
        [Environment.GetEnvironmentVariable("TZDIR") ?? "/usr/share/zoneinfo", "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"],
        Directory.Exists);

    private static readonly ConcurrentDictionary<string, DateZone> Known = new(StringComparer.Ordinal) { ["UTC"] = DateZone.Utc };

    private static readonly Lazy<string[]> AllNames = new(ListNames);

    private static readonly Lazy<string> DatabaseVersion = new(ReadVersion);

    /// <summary>All names, aliases included, in order.</summary>
    public static IReadOnlyList<string> Names => AllNames.Value;

    /// <summary>Release of the zone database, such as "2025b", or "unknown".</summary>
    public static string Version => DatabaseVersion.Value;

    public static bool TryGet(string name, out DateZone zone)
    {
        if (Known.TryGetValue(name, out var known))
        {
            zone = known;
            return true;
        }
        zone = DateZone.Utc;
        if (Folder is null || !IsName(name))
            return false;
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
            return false;
        var read = Read(name, File.ReadAllBytes(path));
        if (read is null)
            return false;
        zone = Known.GetOrAdd(name, read);
        return true;
    }

    /// <summary>Names of zones start with a capital and never leave the folder; that also keeps out the folder's tables and other variants.</summary>
    private static bool IsName(string name)
    {
        if (name.Length is 0 or > 64 || !char.IsAsciiLetterUpper(name[0]))
            return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-' or '+' or '/'))
                return false;
        }
        return true;
    }

    private static string[] ListNames()
    {
        if (Folder is null)
            return ["UTC"];
        var names = new SortedSet<string>(StringComparer.Ordinal) { "UTC" };
        Span<byte> magic = stackalloc byte[4];
        foreach (var path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(Folder, path);
            if (!IsName(name))
                continue;
            using var file = File.OpenRead(path);
            if (file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("TZif"u8))
                names.Add(name);
        }
        return [.. names];
    }

    private static string ReadVersion()
    {
        const string Prefix = "# version ";
        var path = Folder is null ? "" : Path.Combine(Folder, "tzdata.zi");
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;
        return line is not null && line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..].Trim() : "unknown";
    }

    /// <summary>Reads the 64-bit half of a zone file, or null when it is none.</summary>
    private static DateZone? Read(string name, ReadOnlySpan<byte> file)
    {
        if (!TryReadHeader(file, out var counts) || file[4] < '2')
            return null;
        var second = Header.Size + counts.DataSize(4);
        if (second > file.Length || !TryReadHeader(file[second..], out counts))
            return null;
        var data = file[(second + Header.Size)..];
        var size = counts.DataSize(8);
        if (size > data.Length || counts.Types == 0)
            return null;
        var indexes = data.Slice(counts.Times * 8, counts.Times);
        var types = data.Slice(counts.Times * 9, counts.Types * 6);
        var names = data.Slice((counts.Times * 9) + (counts.Types * 6), counts.Characters);
        List<long> changes = [];
        List<ZonePeriod> kinds = [];
        var last = ReadType(types, names, 0);
        var first = last;
        for (var i = 0; i < counts.Times; i++)
        {
            var kind = ReadType(types, names, indexes[i]);
            // Files repeat a kind where only something else changed.
            if (kind == last)
                continue;
            last = kind;
            changes.Add(BinaryPrimitives.ReadInt64BigEndian(data[(i * 8)..]) * 1000);
            kinds.Add(kind);
        }
        if (changes.Count == 0)
            return new DateZone(name, first, [], [], null);
        var footer = Encoding.ASCII.GetString(data[size..]).Trim('\n');
        return new DateZone(name, first, [.. changes], [.. kinds], PosixZoneRule.Parse(footer));
    }

    private static ZonePeriod ReadType(ReadOnlySpan<byte> types, ReadOnlySpan<byte> names, int index)
    {
        var type = types.Slice(index * 6, 6);
        var name = names[type[5]..];
        name = name[..name.IndexOf((byte)0)];
        return new ZonePeriod(null, null, BinaryPrimitives.ReadInt32BigEndian(type), type[4] != 0, Encoding.ASCII.GetString(name));
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> file, out Header header)
    {
        header = default;
        if (file.Length < Header.Size || !file.StartsWith("TZif"u8))
            return false;
        header = new Header(
            BinaryPrimitives.ReadInt32BigEndian(file[20..]),
            BinaryPrimitives.ReadInt32BigEndian(file[24..]),
            BinaryPrimitives.ReadInt32BigEndian(file[28..]),
            BinaryPrimitives.ReadInt32BigEndian(file[32..]),
            BinaryPrimitives.ReadInt32BigEndian(file[36..]),
            BinaryPrimitives.ReadInt32BigEndian(file[40..]));
        return true;
    }

    private readonly record struct Header(int UtcFlags, int StandardFlags, int Leaps, int Times, int Types, int Characters)
    {
        public const int Size = 44;

        public int DataSize(int timeSize) =>
            (Times * timeSize) + Times + (Types * 6) + Characters + (Leaps * (timeSize + 4)) + StandardFlags + UtcFlags;
    }
}
