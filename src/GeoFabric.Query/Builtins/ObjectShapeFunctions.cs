using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that make an object from others: with fewer attributes, or with those of several.</summary>
public static class ObjectShapeFunctions
{
    // Up to here it is cheaper to look each name up in the other objects than to build a table of all names.
    private const int ObjectsWithoutTableMax = 8;

    public static readonly FunctionDefinition[] Table =
    [
        new("KEEP", 2, FunctionDefinition.Unlimited, FunctionPurity.Pure, "The object with only the named attributes.", "KEEP({a: 1, b: 2, c: 3}, \"c\", \"a\")", "{\"a\":1,\"c\":3}", Keep),
        new("KEEP_RECURSIVE", 2, FunctionDefinition.Unlimited, FunctionPurity.Pure, "The object with only the named attributes on every level.", "KEEP_RECURSIVE({a: {a: 1, b: 2}, c: {a: 3}}, \"a\")", "{\"a\":{\"a\":1}}", KeepRecursive),
        new("UNSET", 2, FunctionDefinition.Unlimited, FunctionPurity.Pure, "The object without the named attributes.", "UNSET({a: 1, b: 2, c: 3}, [\"a\", \"c\"])", "{\"b\":2}", Unset),
        new("UNSET_RECURSIVE", 2, FunctionDefinition.Unlimited, FunctionPurity.Pure, "The object without the named attributes on every level.", "UNSET_RECURSIVE({a: 1, b: {a: 2, c: 3}}, \"a\")", "{\"b\":{\"c\":3}}", UnsetRecursive),
        new("MERGE", 1, FunctionDefinition.Unlimited, FunctionPurity.Pure, "The attributes of several objects in one; later objects win.", "MERGE({a: 1, b: 2}, {b: 3})", "{\"a\":1,\"b\":3}", Merge),
        new("MERGE_RECURSIVE", 1, FunctionDefinition.Unlimited, FunctionPurity.Pure, "As MERGE, but objects inside objects are merged too.", "MERGE_RECURSIVE({a: {x: 1}}, {a: {y: 2}})", "{\"a\":{\"x\":1,\"y\":2}}", MergeRecursive),
    ];

    /// <summary>The built object, its memory counted.</summary>
    internal static Value Finish(in FunctionCall call, ValueBuilder result)
    {
        call.Context.ReserveMemory(result.Written.Length);
        return result.Build();
    }

    private static Value Keep(in FunctionCall call) => Select(call, keepsNamed: true, isRecursive: false);

    private static Value KeepRecursive(in FunctionCall call) => Select(call, keepsNamed: true, isRecursive: true);

    private static Value Unset(in FunctionCall call) => Select(call, keepsNamed: false, isRecursive: false);

    private static Value UnsetRecursive(in FunctionCall call) => Select(call, keepsNamed: false, isRecursive: true);

    private static Value Select(in FunctionCall call, bool keepsNamed, bool isRecursive)
    {
        if (!call[0].IsObject || !TryReadNames(call, out var names))
            return call.WrongType();
        using var result = new ValueBuilder();
        WriteSelected(result, call[0], names, keepsNamed, isRecursive);
        return Finish(call, result);
    }

    /// <summary>The names of all arguments but the first, as an object, whose lookup is a binary search. False: one is no name.</summary>
    private static bool TryReadNames(in FunctionCall call, out Value names)
    {
        names = default;
        using var builder = new ValueBuilder(128);
        builder.BeginObject();
        foreach (var argument in call.Arguments[1..])
        {
            if (argument.IsArray)
            {
                foreach (var item in argument.Items)
                {
                    if (!TryWriteName(builder, item))
                        return false;
                }
            }
            else if (!TryWriteName(builder, argument))
            {
                return false;
            }
        }
        builder.EndObject();
        names = builder.Build();
        return true;
    }

    private static bool TryWriteName(ValueBuilder builder, Value name)
    {
        if (!name.IsString && !name.IsNumber)
            return false;
        builder.WriteAttribute(Casts.ToText(name).Utf8, default);
        return true;
    }

    private static void WriteSelected(ValueBuilder result, Value source, Value names, bool keepsNamed, bool isRecursive)
    {
        result.BeginObject();
        foreach (var (name, value) in source.Attributes)
        {
            if (names.Attributes.Contains(name) != keepsNamed)
                continue;
            result.WriteName(name);
            if (isRecursive && value.IsObject)
                WriteSelected(result, value, names, keepsNamed, isRecursive);
            else
                result.Write(value);
        }
        result.EndObject();
    }

    private static Value Merge(in FunctionCall call) => Combine(call, isRecursive: false);

    private static Value MergeRecursive(in FunctionCall call) => Combine(call, isRecursive: true);

    private static Value Combine(in FunctionCall call, bool isRecursive)
    {
        Value[] sources;
        if (call.Count == 1 && call[0].IsArray)
        {
            call.Context.ReserveMemory(24L * call[0].Items.Count);
            sources = new Value[call[0].Items.Count];
            for (var i = 0; i < sources.Length; i++)
                sources[i] = call[0].Items[i];
        }
        else
        {
            sources = call.Arguments.ToArray();
        }
        foreach (var source in sources)
        {
            if (!source.IsObject)
                return call.WrongType();
        }
        if (sources.Length == 0)
            return Value.EmptyObject;
        using var result = new ValueBuilder();
        WriteMerged(result, sources, isRecursive);
        return Finish(call, result);
    }

    private static void WriteMerged(ValueBuilder result, Value[] sources, bool isRecursive)
    {
        result.BeginObject();
        if (sources.Length > ObjectsWithoutTableMax)
            WriteMergedByTable(result, sources, isRecursive);
        else
            WriteMergedByLookup(result, sources, isRecursive);
        result.EndObject();
    }

    private static void WriteMergedByLookup(ValueBuilder result, Value[] sources, bool isRecursive)
    {
        var versions = new List<Value>();
        for (var i = 0; i < sources.Length; i++)
        {
            foreach (var (name, value) in sources[i].Attributes)
            {
                if (IsIn(sources.AsSpan(0, i), name))
                    continue;
                versions.Clear();
                versions.Add(value);
                for (var j = i + 1; j < sources.Length; j++)
                {
                    if (sources[j].TryGetAttribute(name, out var later))
                        versions.Add(later);
                }
                WriteVersions(result, name, versions, isRecursive);
            }
        }
    }

    private static bool IsIn(ReadOnlySpan<Value> sources, ReadOnlySpan<byte> name)
    {
        foreach (var source in sources)
        {
            if (source.Attributes.Contains(name))
                return true;
        }
        return false;
    }

    private static void WriteMergedByTable(ValueBuilder result, Value[] sources, bool isRecursive)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var attributes = new List<(string Name, List<Value> Versions)>();
        foreach (var source in sources)
        {
            foreach (var (utf8, value) in source.Attributes)
            {
                var name = Encoding.UTF8.GetString(utf8);
                if (!places.TryGetValue(name, out var place))
                {
                    places.Add(name, place = attributes.Count);
                    attributes.Add((name, []));
                }
                var versions = attributes[place].Versions;
                // Only a run of objects can still matter; what is overwritten need not be kept.
                if (versions.Count > 0 && !(isRecursive && value.IsObject && versions[^1].IsObject))
                    versions.Clear();
                versions.Add(value);
            }
        }
        foreach (var (name, versions) in attributes)
            WriteVersions(result, Encoding.UTF8.GetBytes(name), versions, isRecursive);
    }

    /// <summary>Writes an attribute that several objects have: the last value, merged with the objects right before it if it is one.</summary>
    private static void WriteVersions(ValueBuilder result, ReadOnlySpan<byte> name, List<Value> versions, bool isRecursive)
    {
        result.WriteName(name);
        var first = versions.Count - 1;
        while (isRecursive && first > 0 && versions[first].IsObject && versions[first - 1].IsObject)
            first--;
        if (first == versions.Count - 1)
            result.Write(versions[first]);
        else
            WriteMerged(result, [.. versions.Skip(first)], isRecursive);
    }
}
