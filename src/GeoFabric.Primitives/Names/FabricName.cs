using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Names;

/// <summary>The name of a geofabric, unique in its tenant and case-sensitive. Valid by construction.</summary>
public sealed record FabricName
{
    public const int LengthMax = 64;

    private FabricName(string text) => Text = text;

    /// <summary>The fabric every tenant has; the others are created and dropped through it.</summary>
    public static FabricName System { get; } = new("_system");

    public string Text { get; }

    public bool IsSystem => Text == System.Text;

    public static bool TryParse(string? text, [MaybeNullWhen(false)] out FabricName name)
    {
        name = null;
        if (string.IsNullOrEmpty(text) || text.Length > LengthMax)
            return false;
        if (text == System.Text)
        {
            name = System;
            return true;
        }
        if (!NameCharacters.IsLetter(text[0]) || !NameCharacters.AreWordOrDash(text))
            return false;
        name = new FabricName(text);
        return true;
    }

    /// <exception cref="GeoFabricException">1229.</exception>
    public static FabricName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw ErrorCodes.FabricNameInvalid.With($"'{text}': a letter, then up to {LengthMax - 1} letters, digits, '_' or '-'");

    public override string ToString() => Text;
}
