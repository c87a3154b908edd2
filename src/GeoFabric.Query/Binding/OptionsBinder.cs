using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Reads OPTIONS objects, which must be constants (1575). Names that mean nothing here are warned about (1539) and ignored.</summary>
/// <param name="operation">The keyword of the operation they belong to.</param>
internal sealed class OptionsBinder(BindingState state, ExpressionBinder expressions, string operation)
{
    private const string Consistency = "consistency";

    public IndexHint ReadForOptions(ExpressionSyntax? syntax)
    {
        var hint = ReadHint(ReadOfAccess(syntax, KnownOptions.For));
        if (hint.IsDisabled && hint.Names.Length > 0)
            Warn("'indexHint' beside disableIndex");
        return hint;
    }

    /// <returns>The collections of a view to look through, null for all; and the names of indexes to prefer.</returns>
    public (ImmutableArray<string>? Collections, IndexHint Hint) ReadSearchOptions(ExpressionSyntax? syntax)
    {
        var options = ReadOfAccess(syntax, KnownOptions.Search);
        ImmutableArray<string>? collections = null;
        foreach (var (_, value) in options.Where(option => option.Name == "collections"))
            collections = ReadNames(value);
        return (collections, ReadHint(options));
    }

    private static IndexHint ReadHint(List<(string Name, Value Value)> options)
    {
        var hint = IndexHint.None;
        foreach (var (name, value) in options)
        {
            hint = name switch
            {
                "indexHint" => hint with { Names = ReadNames(value) },
                "forceIndexHint" => hint with { IsForced = value.IsTruthy },
                "disableIndex" => hint with { IsDisabled = value.IsTruthy },
                _ => hint,
            };
        }
        return hint;
    }

    /// <returns>Whether the groups have to come out sorted.</returns>
    public bool ReadCollectOptions(ExpressionSyntax? syntax)
    {
        Read(syntax, KnownOptions.Collect);
        return true;
    }

    public ModificationOptions ReadModificationOptions(ExpressionSyntax? syntax) => ReadModificationOptions(ReadOfAccess(syntax, KnownOptions.Modify));

    private static ModificationOptions ReadModificationOptions(List<(string Name, Value Value)> list)
    {
        var options = ModificationOptions.Default;
        foreach (var (name, value) in list)
        {
            switch (name)
            {
                case "ignoreErrors": options = options with { IgnoreErrors = value.IsTruthy }; break;
                case "waitForSync": options = options with { WaitForSync = value.IsTruthy }; break;
                case "keepNull": options = options with { KeepNull = value.IsTruthy }; break;
                case "mergeObjects": options = options with { MergeObjects = value.IsTruthy }; break;
                case "ignoreRevs": options = options with { IgnoreRevisions = value.IsTruthy }; break;
                // Where both are given the mode counts, which says more.
                case "overwrite" when options.Overwrite == OverwriteMode.Conflict && value.IsTruthy: options = options with { Overwrite = OverwriteMode.Replace }; break;
                case "overwriteMode": options = options with { Overwrite = ReadOverwriteMode(value) }; break;
                case "versionAttribute":
                    options = options with { VersionAttribute = value.IsString && value.Utf8.Length > 0 ? value.Text : throw ErrorCodes.BadParameter.With($"versionAttribute {value}; it is the name of an attribute") };
                    break;
            }
        }
        return options;
    }

    /// <summary>UPSERT takes the options of a modification and those of its lookup: which index, and whether it sees what rows before wrote.</summary>
    public (ModificationOptions Options, IndexHint Hint, bool ReadsOwnWrites) ReadUpsertOptions(ExpressionSyntax? syntax)
    {
        var options = ReadOfAccess(syntax, KnownOptions.Upsert);
        var readsOwnWrites = !options.Exists(option => option.Name == "readOwnWrites" && !option.Value.IsTruthy);
        return (ReadModificationOptions(options), ReadHint(options), readsOwnWrites);
    }

    private static OverwriteMode ReadOverwriteMode(Value value) => value.Text switch
    {
        "ignore" => OverwriteMode.Ignore,
        "replace" => OverwriteMode.Replace,
        "update" => OverwriteMode.Update,
        _ => OverwriteMode.Conflict,
    };

    public static ImmutableArray<string> ReadNames(Value value)
    {
        if (value.IsString)
            return [value.Text];
        var names = ImmutableArray.CreateBuilder<string>();
        if (value.IsArray)
        {
            foreach (var item in value.Items)
            {
                if (item.IsString)
                    names.Add(item.Text);
            }
        }
        return names.ToImmutable();
    }

    /// <summary>Says that an option has no effect.</summary>
    public void Warn(string detail) => state.Warn(ErrorCodes.InvalidOptionsAttribute, $"{detail} in the OPTIONS of {operation}");

    /// <summary>The options of an operation on a collection, without those that concern the whole query.</summary>
    public List<(string Name, Value Value)> ReadOfAccess(ExpressionSyntax? syntax, KnownOptions known)
    {
        var options = Read(syntax, known, Consistency);
        foreach (var (_, value) in options.Where(option => option.Name == Consistency))
            state.AskFor(ConsistencyLevel.Parse(value.IsString ? value.Text : value.ToString(), $"OPTIONS {state.Text.Where(syntax!.Span)}: {Consistency}"));
        options.RemoveAll(option => option.Name == Consistency);
        return options;
    }

    private List<(string Name, Value Value)> Read(ExpressionSyntax? syntax, KnownOptions known, string? also = null)
    {
        var options = new List<(string, Value)>();
        if (syntax is null)
            return options;
        var missing = state.MissingParameters;
        var constant = expressions.StructuralConstant(syntax);
        if (state.MissingParameters > missing)
            return options;
        if (constant is not { IsObject: true } value)
            throw ErrorCodes.CompileTimeOptions.With($"OPTIONS {state.Text.Where(syntax.Span)} must be an object of constants");
        foreach (var (nameUtf8, option) in value.Attributes)
        {
            var name = System.Text.Encoding.UTF8.GetString(nameUtf8);
            if (name == also || known.Takes(name, option))
                options.Add((name, option));
            else
                Warn($"'{name}': {option}");
        }
        return options;
    }
}
