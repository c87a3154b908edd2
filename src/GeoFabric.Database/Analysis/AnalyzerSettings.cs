using System.Globalization;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Analysis;

/// <summary>Reads the properties of an analyzer; whoever names one that the kind does not have, or gives it a wrong value, is told.</summary>
internal sealed class AnalyzerSettings(string analyzer, Value properties)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public bool Flag(string name, bool absent)
    {
        var value = Take(name);
        return value.IsNull ? absent : value.IsBoolean ? value.IsTruthy : throw Wrong(name, value, "true or false");
    }

    public string Text(string name, string absent)
    {
        var value = Take(name);
        return value.IsNull ? absent : value.IsString ? value.Text : throw Wrong(name, value, "a string");
    }

    public int Integer(string name, int absent, int min, int max)
    {
        var value = Take(name);
        if (value.IsNull)
            return absent;
        return value.IsNumber && value.Number >= min && value.Number <= max ? (int)value.Number : throw Wrong(name, value, $"a number from {min} to {max}");
    }

    public Value Object(string name)
    {
        var value = Take(name);
        return value.IsObject ? value : throw Wrong(name, value, "an object");
    }

    public string[] Texts(string name)
    {
        var value = Take(name);
        if (value.IsNull)
            return [];
        if (!value.IsArray || value.Items.Count > 10_000)
            throw Wrong(name, value, "an array of at most 10000 strings");
        var texts = new List<string>();
        foreach (var item in value.Items)
            texts.Add(item.IsString ? item.Text : throw Wrong(name, item, "a string"));
        return [.. texts];
    }

    public Value List(string name)
    {
        var value = Take(name);
        return value.IsArray && value.Items.Count > 0 ? value : throw Wrong(name, value, "an array with at least one item");
    }

    /// <summary>A language such as "en", "de_DE" or "de_DE.utf-8".</summary>
    public CultureInfo Locale()
    {
        var text = Text("locale", "");
        var name = text.Split('.', '@')[0].Replace('_', '-');
        try
        {
            return name is "C" or "" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            throw ErrorCodes.BadParameter.With($"analyzer '{analyzer}': locale '{text}' is no language such as \"en\" or \"de_DE\"");
        }
    }

    public LetterCasing Casing(string absent)
    {
        var text = Text("case", absent);
        return text switch
        {
            "none" => LetterCasing.None,
            "lower" => LetterCasing.Lower,
            "upper" => LetterCasing.Upper,
            _ => throw ErrorCodes.BadParameter.With($"analyzer '{analyzer}': case '{text}' is none of \"none\", \"lower\", \"upper\""),
        };
    }

    /// <exception cref="GeoFabricException">10 for a property nobody asked for.</exception>
    public void DemandAllRead()
    {
        foreach (var (name, _) in properties.Attributes)
        {
            var text = Encoding.UTF8.GetString(name);
            if (!_read.Contains(text))
                throw ErrorCodes.BadParameter.With($"analyzer '{analyzer}': unknown property '{text}'; known are {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
        }
    }

    private Value Take(string name)
    {
        _read.Add(name);
        return properties.GetAttribute(Encoding.UTF8.GetBytes(name));
    }

    private GeoFabricException Wrong(string name, Value value, string right)
    {
        var shown = value.ToString();
        return ErrorCodes.BadParameter.With($"analyzer '{analyzer}': property '{name}' is {(shown.Length > 80 ? shown[..77] + "..." : shown)}; it must be {right}");
    }
}
