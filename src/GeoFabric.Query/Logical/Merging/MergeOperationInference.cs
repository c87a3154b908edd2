using GeoFabric.Database.Documents;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>
/// Finds in the text of UPDATE, REPLACE and UPSERT which attributes are changed rather than assigned: <c>{n: d.n + 1}</c> adds 1 to n, so the same
/// in two regions at once adds 2. Runs once over a bound plan, before and independent of the optimizer, whose rules may be turned off.
/// </summary>
/// <param name="newVariable">A new variable of the query; null when it has too many.</param>
/// <param name="warn">Takes a description of a document that is read by one statement and changed by another.</param>
public sealed class MergeOperationInference(Func<Variable?> newVariable, Action<string> warn)
{
    /// <summary>The plan with a <see cref="MergePlan"/> at each modification about which there is something to say.</summary>
    public LogicalPlan Apply(LogicalPlan plan) => Apply(plan, new VariableOrigins(plan), isTop: true);

    private LogicalPlan Apply(LogicalPlan plan, VariableOrigins origins, bool isTop)
    {
        var nodes = plan.Nodes.ToBuilder();
        for (var i = 0; i < nodes.Count; i++)
        {
            nodes[i] = ApplyInside(nodes[i], origins);
            nodes[i] = nodes[i] switch
            {
                UpdateNode update => Infer(update, origins, target => isTop && IsReadOnce(plan.Nodes.AsSpan(0, i), target)),
                UpsertNode upsert => Infer(upsert, origins),
                var other => other,
            };
        }
        return plan with { Nodes = nodes.ToImmutable() };
    }

    /// <summary>The modifications inside the node's subqueries.</summary>
    private LogicalNode ApplyInside(LogicalNode node, VariableOrigins origins)
    {
        if (!node.Expressions.Any(HasModification))
            return node;
        return node.MapExpressions(expression => expression.Rewrite(part => part is SubqueryExpression { Plan: { IsModification: true } plan }
            ? new SubqueryExpression(Apply(plan, origins, isTop: false))
            : part));
    }

    private static bool HasModification(Expression expression) =>
        expression is SubqueryExpression { Plan.IsModification: true } || expression.Children.Any(HasModification);

    private UpdateNode Infer(UpdateNode node, VariableOrigins origins, Func<Variable, bool> isCurrent)
    {
        if (TargetOf(node.Key ?? node.Document, origins) is not { } target)
            return node;
        if (origins.IsLoopOver(target, node.Collection.Name))
        {
            // A patch without a key beside it names its target, so nothing may be left out of it.
            var mayShrink = node.Key is not null && isCurrent(target);
            var analysis = new PatchAnalysis(origins, new OperationPatterns(origins, newVariable), target, node.Options, node.IsReplace, mayShrink);
            var document = analysis.Analyze(node.Document);
            return analysis.HasFindings ? node with { Document = document, Merges = new MergePlan(analysis.Effects, analysis.Operations, []) } : node;
        }
        if (origins.IsReadByStatement(target, node.Collection.Name))
            WarnOfLostChanges(node, target, origins);
        return node;
    }

    private UpsertNode Infer(UpsertNode node, VariableOrigins origins)
    {
        var analysis = new PatchAnalysis(origins, new OperationPatterns(origins, newVariable), node.Candidate, node.Options, node.IsReplace, isCurrent: true);
        var update = analysis.Analyze(node.Update);
        if (!analysis.HasFindings)
            return node;
        var created = analysis.Operations
            .Where(operation => operation.Kind == AttributeOperationKind.Increment && MayHold(node.Insert, operation.Path))
            .Select(operation => operation.Path);
        return node with { Update = update, Merges = new MergePlan(analysis.Effects, analysis.Operations, [.. created]) };
    }

    private void WarnOfLostChanges(UpdateNode node, Variable target, VariableOrigins origins)
    {
        var throwaway = new Variable(0, target.Name);
        var analysis = new PatchAnalysis(origins, new OperationPatterns(origins, () => throwaway), target, node.Options, node.IsReplace, isCurrent: false);
        analysis.Analyze(node.Document);
        var found = analysis.Effects.Where(effect => !effect.IsAssignment && effect.Operation != MergeEffect.Unset);
        if (analysis.Operations.Length > 0)
        {
            warn($"'{target.Name}' was read by a statement of its own, so what changes in '{node.Collection.Name}' meanwhile in other regions is overwritten; "
                + $"with FOR {target.Name} IN {node.Collection.Name} FILTER .. {(node.IsReplace ? "REPLACE" : "UPDATE")} {target.Name} .. it would be {string.Join(", ", found)}");
        }
    }

    /// <summary>The variable whose document the key names: <c>d</c>, <c>d._key</c>, <c>{_key: d._key}</c> or <c>MERGE(d, {..})</c>.</summary>
    private static Variable? TargetOf(Expression key, VariableOrigins origins) => key switch
    {
        ObjectExpression literal => literal.Member("_key") is { } member && origins.Resolve(member) is { Path.IsKey: true } named ? named.Root : null,
        CallExpression { Function.Name: "MERGE" or "MERGE_RECURSIVE", Children: [var first, .. var others] } => others.All(HasNoKey) ? TargetOf(first, origins) : null,
        _ => origins.Resolve(key) is { } named && (named.Path.IsRoot || named.Path.IsKey) ? named.Root : null,
    };

    private static bool HasNoKey(Expression expression) =>
        expression is ObjectExpression literal && literal.ConstantMembers() is { } members && members.All(member => member.Name != "_key");

    /// <summary>Whether the rows come from one loop over the collection itself, so that no document is met again after it was changed.</summary>
    private static bool IsReadOnce(ReadOnlySpan<LogicalNode> before, Variable variable)
    {
        foreach (var node in before)
        {
            var isLoop = node is EnumerateCollectionNode loop && ReferenceEquals(loop.Variable, variable);
            if (!isLoop && node is not (SingletonNode or FilterNode or CalculationNode or SortNode or LimitNode))
                return false;
        }
        return true;
    }

    /// <summary>Whether an inserted document may have the attribute, as far as its text tells.</summary>
    private static bool MayHold(Expression document, MergePath path)
    {
        foreach (var segment in path.Segments)
        {
            if (segment.Name is null || document is not ObjectExpression literal || literal.ConstantMembers() is null)
                return document is not (ConstantExpression or ArrayExpression);
            if (literal.Member(segment.Name) is not { } member)
                return false;
            document = member;
        }
        return document is not (ArrayExpression or ObjectExpression or ConstantExpression { Value.IsNumber: false });
    }
}
