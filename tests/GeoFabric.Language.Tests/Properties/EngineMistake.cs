using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>A mistake in the engine, made on purpose: the oracles have to notice.</summary>
/// <param name="Rules">The optimizer's rules, one of them wrong.</param>
/// <param name="AlwaysOn">Entries for the selection of rules of every query: mistakes of operators happen whatever rules are on.</param>
internal sealed record EngineMistake(string Name, IReadOnlyList<IPlanRule> Rules, IReadOnlyList<string> AlwaysOn)
{
    /// <summary>Something is wrong behind the optimizer: in each plan the nodes that <paramref name="change"/> knows do something else. Null drops a node.</summary>
    public static EngineMistake OfOperator(string name, Func<LogicalNode, LogicalNode?> change)
    {
        var rule = new ChangeNodes(name.Replace(' ', '-'), change);
        return new EngineMistake(name, [.. RuleSchedule.Rules, rule], ["+" + rule.Name]);
    }

    /// <summary>Expressions are evaluated wrong, wherever they stand.</summary>
    public static EngineMistake OfExpression(string name, Func<Expression, Expression> change) =>
        OfOperator(name, node => Changed(node, change));

    /// <summary>A rule does what it should and then something it should not; without the rule all is well.</summary>
    public static EngineMistake OfRule(string rule, string name, Func<LogicalNode, LogicalNode?> change)
    {
        if (RuleSchedule.Rules.All(known => known.Name != rule))
            throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));
        return new EngineMistake(name, [.. RuleSchedule.Rules.Select(known => known.Name == rule ? new SpoilRule(known, new ChangeNodes(rule, change)) : known)], []) { Rule = rule };
    }

    /// <summary>The rule that is wrong; null for an operator.</summary>
    public string? Rule { get; init; }

    /// <summary>The blocks of queries that can show it.</summary>
    public Func<int, bool> ShowsIn { get; init; } = block => !FuzzRun.Modifies(block);

    public override string ToString() => Name;

    private static LogicalNode Changed(LogicalNode node, Func<Expression, Expression> change)
    {
        var isChanged = false;
        var mapped = node.MapExpressions(expression =>
        {
            var rewritten = expression.Rewrite(change);
            isChanged |= !ReferenceEquals(rewritten, expression);
            return rewritten;
        });
        return isChanged ? mapped : node;
    }

    /// <summary>Replaces nodes; one that becomes null is dropped.</summary>
    private sealed class ChangeNodes(string name, Func<LogicalNode, LogicalNode?> change) : IPlanRule
    {
        public string Name => name;

        public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
        {
            var nodes = plan.Nodes.Select(change).ToList();
            return nodes.Zip(plan.Nodes).All(pair => ReferenceEquals(pair.First, pair.Second)) ? plan : new LogicalPlan([.. nodes.OfType<LogicalNode>()]);
        }
    }

    /// <summary>Applies a rule, and the mistake only to plans that the rule has changed.</summary>
    private sealed class SpoilRule(IPlanRule rule, IPlanRule mistake) : IPlanRule
    {
        public string Name => rule.Name;

        public bool IsMandatory => rule.IsMandatory;

        public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
        {
            var applied = rule.Apply(plan, context);
            return ReferenceEquals(applied, plan) ? plan : mistake.Apply(applied, context);
        }
    }
}
