using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>
/// Walks the patch or new document of a modification, through object literals and MERGE, and tells for each attribute how it comes about.
/// Made for one expression.
/// </summary>
/// <param name="document">The variable that holds the document which is modified.</param>
/// <param name="options">Of the modification.</param>
/// <param name="isReplace">Whether the expression is the whole new document.</param>
/// <param name="isCurrent">Whether the variable surely holds the stored document at the time of the modification.</param>
internal sealed class PatchAnalysis(
    VariableOrigins origins, OperationPatterns patterns, Variable document, ModificationOptions options, bool isReplace, bool isCurrent)
{
    private readonly ImmutableArray<MergeEffect>.Builder _effects = ImmutableArray.CreateBuilder<MergeEffect>();
    private readonly ImmutableArray<InferredOperation>.Builder _operations = ImmutableArray.CreateBuilder<InferredOperation>();

    public ImmutableArray<MergeEffect> Effects => _effects.ToImmutable();

    public ImmutableArray<InferredOperation> Operations => _operations.ToImmutable();

    /// <summary>Whether there is more to say than that attributes are assigned.</summary>
    public bool HasFindings => _effects.Any(effect => !effect.IsAssignment);

    // A replaced document is compared with the old one, so objects in both are merged whatever the options say.
    private bool MergesObjects => isReplace || options.MergeObjects;

    /// <returns>The expression to evaluate instead.</returns>
    public Expression Analyze(Expression patch) => patch switch
    {
        ObjectExpression literal => AnalyzeLiteral(literal, new AttributeReference(document, MergePath.Root), []),
        CallExpression { Function.Name: "MERGE" or "MERGE_RECURSIVE" } merge => AnalyzeMerge(merge, new AttributeReference(document, MergePath.Root)),
        _ => patch,
    };

    private Expression AnalyzeAttribute(Expression value, AttributeReference target)
    {
        if (patterns.Match(value, target) is { } found)
        {
            _effects.Add(found.Effect);
            _operations.Add(found.Operation);
            return found.Rewritten;
        }
        if (MergesObjects && value is ObjectExpression { Children.Length: > 0 } literal)
            return AnalyzeLiteral(literal, target, []);
        if (MergesObjects && value is CallExpression { Function.Name: "MERGE" or "MERGE_RECURSIVE" } merge)
            return AnalyzeMerge(merge, target);
        _effects.Add(new MergeEffect(AssignmentOf(value), target.Path));
        return value;
    }

    private string AssignmentOf(Expression value) => value switch
    {
        ConstantExpression { Value.IsNull: true } when !isReplace && !options.KeepNull => MergeEffect.Unset,
        ArrayExpression => MergeEffect.Assign,
        ObjectExpression when !MergesObjects => MergeEffect.Assign,
        _ => MergeEffect.Set,
    };

    /// <param name="behind">Names of what is laid over the literal; null for one that may be any.</param>
    private ObjectExpression AnalyzeLiteral(ObjectExpression literal, AttributeReference target, ImmutableArray<PathSegment?> behind)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var names = NamesOf(literal);
        var isHidden = FindHidden(names, behind);
        var children = literal.Children.ToBuilder();
        for (var i = 0; i < names.Length; i++)
        {
            if (isHidden[i] || names[i] is not { } name || (target.Path.IsRoot && name.Name is { } known && MergePath.IsSystem(known)))
                continue;
            children[(2 * i) + 1] = AnalyzeAttribute(literal.Children[(2 * i) + 1], target.Inner(name));
        }
        return (ObjectExpression)literal.WithChildren(children.ToImmutable());
    }

    /// <summary>Which members others may be laid over: of two with one name the last wins, and a computed name may be any of the others.</summary>
    private static bool[] FindHidden(ImmutableArray<PathSegment?> names, ImmutableArray<PathSegment?> behind)
    {
        var isHidden = new bool[names.Length];
        var later = behind.Select(name => name?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var isAnyLater = behind.Length > 0;
        var isUnknownLater = behind.Any(name => name?.Name is null);
        for (var i = names.Length - 1; i >= 0; i--)
        {
            isHidden[i] = isUnknownLater || (names[i]?.Name is { } name ? later.Contains(name) : isAnyLater);
            isAnyLater = true;
            if (names[i]?.Name is { } known)
                later.Add(known);
            else
                isUnknownLater = true;
        }
        return isHidden;
    }

    /// <summary>The literals at the end of the call decide about their members, whatever stands before them.</summary>
    private Expression AnalyzeMerge(CallExpression merge, AttributeReference target)
    {
        var arguments = merge.Children.ToBuilder();
        var first = arguments.Count;
        while (first > 0 && arguments[first - 1] is ObjectExpression)
            first--;
        for (var i = first; i < arguments.Count; i++)
            arguments[i] = AnalyzeLiteral((ObjectExpression)arguments[i], target, [.. arguments.Skip(i + 1).SelectMany(argument => NamesOf(argument))]);
        var rewritten = (CallExpression)merge.WithChildren(arguments.ToImmutable());
        return first == 1 && arguments.Count > 1 && IsOwnValue(arguments[0], target) && (!target.Path.IsRoot || arguments.Skip(1).Any(AddsToDocument))
            ? new OverlayExpression(rewritten)
            : rewritten;
    }

    /// <summary>Whether the expression is what the patch is laid over at that place, so that leaving it out leaves the result as it is.</summary>
    private bool IsOwnValue(Expression expression, AttributeReference target) =>
        isCurrent && !isReplace && options is { KeepNull: true, MergeObjects: true } && origins.Resolve(expression) is { } named && named.IsSame(target);

    /// <summary>Whether the literal surely has an attribute of the user's. A patch without any is no write.</summary>
    private static bool AddsToDocument(Expression literal) => NamesOf(literal).Any(name => name?.Name is { } known && !MergePath.IsSystem(known));

    private static ImmutableArray<PathSegment?> NamesOf(Expression literal) =>
        [.. literal.Children.Where((_, i) => i % 2 == 0).Select(PathSegment.Of)];
}
