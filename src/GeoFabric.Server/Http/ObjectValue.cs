using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Makes object values from names and values; for answers, where speed does not matter.</summary>
internal static class ObjectValue
{
    public static Value Of(params IEnumerable<(string Name, Value Value)> attributes)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var (name, value) in attributes)
            builder.WriteAttribute(Encoding.UTF8.GetBytes(name), value);
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>The attributes of both objects; those of <paramref name="more"/> come last and win.</summary>
    public static Value With(Value first, Value more)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var (name, value) in first.Attributes)
            builder.WriteAttribute(name, value);
        foreach (var (name, value) in more.Attributes)
            builder.WriteAttribute(name, value);
        builder.EndObject();
        return builder.Build();
    }

    public static Value List(IEnumerable<Value> items) => Value.FromList([.. items]);

    public static Value Strings(IEnumerable<string> items) => List(items.Select(Value.FromString));
}
