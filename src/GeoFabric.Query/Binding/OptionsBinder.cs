using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Reads OPTIONS objects, which must be constants (1575). Names that mean nothing here are warned about (1539) and ignored.</summary>
internal sealed class OptionsBinder(BindingState state, ExpressionBinder expressions)
{
    /// <summary>Known to other products and without effect here: results do not depend on them.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "useCache", "maxProjections", "lookahead", "refillIndexCaches", "exclusive", "readOwnWrites", "waitForSync", "parallelism",
    };

    private const string Consistency = "consistency";

    public IndexHint ReadForOptions(ExpressionSyntax? syntax)
    {
        var hint = IndexHint.None;
        foreach (var (name, value) in ReadOfAccess(syntax))
        {
            if (!TryReadHint(name, value, ref hint))
                WarnUnknown(name);
        }
        return hint;
    }

    /// <returns>The collections of a view to look through, null for all; and the names of indexes to prefer.</returns>
    public (ImmutableArray<string>? Collections, IndexHint Hint) ReadSearchOptions(ExpressionSyntax? syntax)
    {
        ImmutableArray<string>? collections = null;
        var hint = IndexHint.None;
        foreach (var (name, value) in ReadOfAccess(syntax))
        {
            if (name == "collections")
                collections = ReadNames(value);
            // How conditions are rewritten and rows are counted ahead makes no difference to results.
            else if (name is not ("conditionOptimization" or "countApproximate") && !TryReadHint(name, value, ref hint))
                WarnUnknown(name);
        }
        return (collections, hint);
    }

    private static bool TryReadHint(string name, Value value, ref IndexHint hint)
    {
        switch (name)
        {
            case "indexHint":
                hint = hint with { Names = ReadNames(value) };
                return true;
            case "forceIndexHint":
                hint = hint with { IsForced = value.IsTruthy };
                return true;
            case "disableIndex":
                hint = hint with { IsDisabled = value.IsTruthy };
                return true;
            default:
                return false;
        }
    }

    /// <returns>Whether the groups have to come out sorted.</returns>
    public bool ReadCollectOptions(ExpressionSyntax? syntax)
    {
        foreach (var (name, value) in Read(syntax))
        {
            if (name != "method")
                WarnUnknown(name);
            else if (!value.IsString || value.Text is not ("hash" or "sorted"))
                state.Warn(ErrorCodes.InvalidOptionsAttribute, $"COLLECT method {value} (known: \"hash\", \"sorted\")");
        }
        return true;
    }

    public ModificationOptions ReadModificationOptions(ExpressionSyntax? syntax, bool isInsert) => ReadModificationOptions(ReadOfAccess(syntax), isInsert);

    private ModificationOptions ReadModificationOptions(List<(string Name, Value Value)> list, bool isInsert)
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
                case "overwrite" when isInsert:
                    if (value.IsTruthy && options.Overwrite == OverwriteMode.Conflict)
                        options = options with { Overwrite = OverwriteMode.Replace };
                    break;
                case "versionAttribute":
                    options = options with { VersionAttribute = value.IsString && value.Utf8.Length > 0 ? value.Text : throw ErrorCodes.BadParameter.With($"versionAttribute {value}; it is the name of an attribute") };
                    break;
                case "overwriteMode" when isInsert: options = options with { Overwrite = ReadOverwriteMode(value) }; break;
                default: WarnUnknown(name); break;
            }
        }
        return options;
    }

    /// <summary>UPSERT takes the options of a modification and those of its lookup: which index, and whether it sees what rows before wrote.</summary>
    public (ModificationOptions Options, IndexHint Hint, bool ReadsOwnWrites) ReadUpsertOptions(ExpressionSyntax? syntax)
    {
        var hint = IndexHint.None;
        var readsOwnWrites = true;
        var others = new List<(string Name, Value Value)>();
        foreach (var option in ReadOfAccess(syntax))
        {
            if (option.Name == "readOwnWrites")
                readsOwnWrites = option.Value.IsTruthy;
            else if (!TryReadHint(option.Name, option.Value, ref hint))
                others.Add(option);
        }
        return (ReadModificationOptions(others, isInsert: false), hint, readsOwnWrites);
    }

    private static OverwriteMode ReadOverwriteMode(Value value) => (value.IsString ? value.Text : "") switch
    {
        "conflict" => OverwriteMode.Conflict,
        "ignore" => OverwriteMode.Ignore,
        "replace" => OverwriteMode.Replace,
        "update" => OverwriteMode.Update,
        _ => throw ErrorCodes.BadParameter.With($"overwriteMode {value}; it is one of \"conflict\", \"ignore\", \"replace\", \"update\""),
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

    public void WarnUnknown(string name)
    {
        if (!Ignored.Contains(name))
            state.Warn(ErrorCodes.InvalidOptionsAttribute, $"'{name}'");
    }

    /// <summary>The options of an operation on a collection, without those that concern the whole query.</summary>
    public List<(string Name, Value Value)> ReadOfAccess(ExpressionSyntax? syntax)
    {
        var options = Read(syntax);
        foreach (var (_, value) in options.Where(option => option.Name == Consistency))
            state.AskFor(ConsistencyLevel.Parse(value.IsString ? value.Text : value.ToString(), $"OPTIONS {state.Text.Where(syntax!.Span)}: {Consistency}"));
        options.RemoveAll(option => option.Name == Consistency);
        return options;
    }

    private List<(string Name, Value Value)> Read(ExpressionSyntax? syntax)
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
        foreach (var (name, option) in value.Attributes)
            options.Add((System.Text.Encoding.UTF8.GetString(name), option));
        return options;
    }
}
