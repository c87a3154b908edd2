using System.Globalization;
using System.Text;

namespace GeoFabric.Database.Inverted;

/// <summary>An attribute path as an index knows it.</summary>
/// <param name="steps">Names of attributes, and positions in arrays as <see cref="Position"/> writes them.</param>
public sealed class SearchPath(IEnumerable<string> steps)
{
    // No name has it: half of a character.
    private const char PositionMark = '\ud800';

    // No text in UTF-8 has this byte.
    private const byte EncodedMark = 0xff;

    /// <summary>The names, joined by the byte 00.</summary>
    internal byte[] Bytes { get; } = Join([.. steps]);

    public bool HasPositions { get; } = steps.Any(step => step.StartsWith(PositionMark));

    /// <summary>Whether any index can hold it.</summary>
    public bool IsTooLong => InvertedKeys.EscapedSize(Bytes) > InvertedKeys.PathSizeMax;

    public bool IsSame(SearchPath other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <summary>The step to an item of an array whose index knows positions.</summary>
    public static string Position(long position) => string.Create(CultureInfo.InvariantCulture, $"{PositionMark}{position}");

    internal static byte[] EncodePosition(long position) => Encode(Position(position));

    private static byte[] Join(string[] steps)
    {
        var bytes = new List<byte>();
        foreach (var step in steps)
        {
            if (bytes.Count > 0)
                bytes.Add(0);
            bytes.AddRange(Encode(step));
        }
        return [.. bytes];
    }

    private static byte[] Encode(string step) =>
        step.StartsWith(PositionMark) ? [EncodedMark, .. Encoding.UTF8.GetBytes(step[1..])] : Encoding.UTF8.GetBytes(step);
}
