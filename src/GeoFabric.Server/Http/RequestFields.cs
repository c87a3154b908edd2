using System.Globalization;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>The attributes of a JSON object in a request, read with their types checked. Null counts as missing; unknown ones are ignored.</summary>
internal readonly struct RequestFields
{
    private RequestFields(Value body) => Body = body;

    public Value Body { get; }

    /// <exception cref="GeoFabricException">10 for anything but an object.</exception>
    public static RequestFields Of(Value body) => body.IsObject
        ? new RequestFields(body)
        : throw ErrorCodes.BadParameter.With($"a JSON object is expected, found {Describe(body)}");

    /// <param name="what">What is read, for the message: the part of the request, and what it looks like.</param>
    /// <exception cref="GeoFabricException">10 for anything but an object.</exception>
    public static RequestFields Of(Value part, string what) => part.IsObject
        ? new RequestFields(part)
        : throw ErrorCodes.BadParameter.With($"{what}, not {Describe(part)}");

    /// <exception cref="GeoFabricException">10 when missing, empty or no string.</exception>
    public string RequiredText(ReadOnlySpan<byte> name)
    {
        var text = Text(name);
        return string.IsNullOrEmpty(text) ? throw ErrorCodes.BadParameter.With($"attribute '{Name(name)}' is missing or empty; give a string") : text;
    }

    public string? Text(ReadOnlySpan<byte> name)
    {
        var value = Body.GetAttribute(name);
        return value.IsNull ? null : value.IsString ? value.Text : throw Wrong(name, "a string", value);
    }

    public bool? Boolean(ReadOnlySpan<byte> name)
    {
        var value = Body.GetAttribute(name);
        return value.IsNull ? null : value.IsBoolean ? value.IsTruthy : throw Wrong(name, "true or false", value);
    }

    public bool Boolean(ReadOnlySpan<byte> name, bool otherwise) => Boolean(name) ?? otherwise;

    public long? Integer(ReadOnlySpan<byte> name, long least, long most)
    {
        var value = Body.GetAttribute(name);
        if (value.IsNull)
            return null;
        if (!value.IsNumber || value.Number != Math.Truncate(value.Number) || value.Number < least || value.Number > most)
            throw Wrong(name, $"an integer from {least} to {most}", value);
        return value.IsInteger ? value.Integer : (long)value.Number;
    }

    public double? Number(ReadOnlySpan<byte> name)
    {
        var value = Body.GetAttribute(name);
        return value.IsNull ? null : value.IsNumber ? value.Number : throw Wrong(name, "a number", value);
    }

    /// <summary>A number that is not below another one.</summary>
    public double? Number(ReadOnlySpan<byte> name, double least)
    {
        var number = Number(name);
        return number is null || number >= least ? number : throw Wrong(name, $"a number from {least.ToString(CultureInfo.InvariantCulture)}", Body.GetAttribute(name));
    }

    /// <summary>An object, or null when missing.</summary>
    public Value Object(ReadOnlySpan<byte> name)
    {
        var value = Body.GetAttribute(name);
        return value.IsNull || value.IsObject ? value : throw Wrong(name, "an object", value);
    }

    /// <summary>The fields of an object; no fields when missing.</summary>
    public RequestFields Fields(ReadOnlySpan<byte> name)
    {
        var value = Object(name);
        return new RequestFields(value.IsNull ? Value.EmptyObject : value);
    }

    /// <summary>The items of an array, or none when missing.</summary>
    public IReadOnlyList<Value> Items(ReadOnlySpan<byte> name)
    {
        var value = Body.GetAttribute(name);
        if (value.IsNull)
            return [];
        return value.IsArray ? ItemsOf(value) : throw Wrong(name, "an array", value);
    }

    public static IReadOnlyList<Value> ItemsOf(Value array)
    {
        var items = new List<Value>(array.Items.Count);
        foreach (var item in array.Items)
            items.Add(item);
        return items;
    }

    public IReadOnlyList<string> Texts(ReadOnlySpan<byte> name)
    {
        var texts = new List<string>();
        foreach (var item in Items(name))
            texts.Add(item.IsString ? item.Text : throw Wrong(name, "an array of strings", item));
        return texts;
    }

    private static GeoFabricException Wrong(ReadOnlySpan<byte> name, string expected, Value found) =>
        ErrorCodes.BadParameter.With($"attribute '{Name(name)}' must be {expected}, found {Describe(found)}");

    private static string Name(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    private static string Describe(Value value)
    {
        if (value.IsArray || value.IsObject)
            return value.IsArray ? "an array" : "an object";
        var text = value.ToString();
        return text.Length <= 40 ? text : text[..40] + "...";
    }
}
