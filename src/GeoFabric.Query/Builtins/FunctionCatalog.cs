using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace GeoFabric.Query.Builtins;

/// <summary>All built-in functions by name, whatever their case.</summary>
public static class FunctionCatalog
{
    private static readonly FunctionDefinition[][] Tables =
    [
        TypeCheckFunctions.Table,
        TypeCastFunctions.Table,
        NumericFunctions.Table,
        StatisticsFunctions.Table,
        BitFunctions.Table,
        VectorFunctions.Table,
        VectorSearchFunctions.Table,
        DecayFunctions.Table,
        ArrayFunctions.Table,
        ArraySetFunctions.Table,
        ArrayEditFunctions.Table,
        ControlFunctions.Table,
        StringFunctions.Table,
        TextSearchFunctions.Table,
        TextSimilarityFunctions.Table,
        SearchFunctions.Table,
        EncodingFunctions.Table,
        HashFunctions.Table,
        RegexFunctions.Table,
        ObjectFunctions.Table,
        ObjectShapeFunctions.Table,
        DocumentFunctions.Table,
        DatabaseFunctions.Table,
        SchemaFunctions.Table,
        DateFunctions.Table,
        DateArithmeticFunctions.Table,
        GeoFunctions.Table,
        GeoConstructorFunctions.Table,
        GeoIndexFunctions.Table,
    ];

    private static readonly FrozenDictionary<string, FunctionDefinition> ByName = Collect(Tables);

    /// <summary>Every function, aliases included, in the order of the tables.</summary>
    public static IReadOnlyList<FunctionDefinition> All { get; } = [.. Tables.SelectMany(table => table)];

    /// <summary>How a call is written, as in <c>SUBSTRING(text, offset, length?)</c>.</summary>
    public static string SignatureOf(FunctionDefinition function) => $"{function.Name}({FunctionParameters.Of(function)})";

    /// <summary>The table a function stands in, by the name of its class: "Array set" for ArraySetFunctions.</summary>
    public static string GroupOf(FunctionDefinition function)
    {
        var type = function.Body.Method.DeclaringType!;
        while (type.DeclaringType is { } outer)
            type = outer;
        var name = type.Name.Replace("Functions", "", StringComparison.Ordinal);
        return string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
    }

    public static bool TryGet(string name, [NotNullWhen(true)] out FunctionDefinition? definition) => ByName.TryGetValue(name, out definition);

    /// <summary>The functions of the tables by name; a name in two places is refused.</summary>
    public static FrozenDictionary<string, FunctionDefinition> Collect(FunctionDefinition[][] tables)
    {
        var byName = new Dictionary<string, FunctionDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in tables.SelectMany(table => table))
        {
            if (!byName.TryAdd(definition.Name, definition))
                throw new InvalidOperationException($"The function '{definition.Name}' is in two function tables; it must be in one.");
        }
        return byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
