using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Reads attributes of catalog objects; an absent one gets the default.</summary>
internal static class CatalogValue
{
    public static string Text(this Value source, ReadOnlySpan<byte> name, string fallback = "") =>
        source.TryGetAttribute(name, out var value) && value.IsString ? value.Text : fallback;

    public static long Integer(this Value source, ReadOnlySpan<byte> name, long fallback = 0) =>
        source.TryGetAttribute(name, out var value) && value.IsInteger ? value.Integer : fallback;

    public static double Number(this Value source, ReadOnlySpan<byte> name) =>
        source.TryGetAttribute(name, out var value) && value.IsNumber ? value.Number : 0;

    public static bool Flag(this Value source, ReadOnlySpan<byte> name, bool fallback = false) =>
        source.TryGetAttribute(name, out var value) && value.IsBoolean ? value.IsTruthy : fallback;

    public static ImmutableArray<T> List<T>(this Value source, ReadOnlySpan<byte> name, Func<Value, T> read)
    {
        if (!source.TryGetAttribute(name, out var value) || !value.IsArray)
            return [];
        var list = ImmutableArray.CreateBuilder<T>(value.Items.Count);
        foreach (var item in value.Items)
            list.Add(read(item));
        return list.MoveToImmutable();
    }

    public static void WriteText(this ValueBuilder builder, ReadOnlySpan<byte> name, string value) => builder.WriteAttribute(name, Value.FromString(value));

    public static void WriteTexts(this ValueBuilder builder, ReadOnlySpan<byte> name, IEnumerable<string> values) =>
        builder.WriteAttribute(name, Value.FromList([.. values.Select(Value.FromString)]));

    public static void WriteInteger(this ValueBuilder builder, ReadOnlySpan<byte> name, long value)
    {
        builder.WriteName(name);
        builder.WriteInteger(value);
    }

    public static void WriteFlag(this ValueBuilder builder, ReadOnlySpan<byte> name, bool value)
    {
        builder.WriteName(name);
        builder.WriteBoolean(value);
    }
}
