using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Names;

/// <summary>The name of a region, unique in its cluster and case-sensitive. Valid by construction.</summary>
/// <remarks>It stands in certificates, addresses and headers, so it holds nothing that any of them would have to escape.</remarks>
public sealed record RegionName
{
    public const int LengthMax = 63;

    private RegionName(string text) => Text = text;

    /// <summary>What a server calls its region until somebody names it.</summary>
    public static RegionName Local { get; } = new("local");

    public string Text { get; }

    public static bool TryParse(string? text, [MaybeNullWhen(false)] out RegionName name)
    {
        name = text is { Length: > 0 and <= LengthMax } && text.All(c => NameCharacters.IsWordOrDash(c) || c == '.') && char.IsAsciiLetterOrDigit(text[0])
            ? new RegionName(text)
            : null;
        return name is not null;
    }

    /// <exception cref="GeoFabricException">1208.</exception>
    public static RegionName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw ErrorCodes.IllegalName.With($"region '{text}': a letter or digit, then up to {LengthMax - 1} letters, digits, '-', '_' or '.'");

    public override string ToString() => Text;
}
