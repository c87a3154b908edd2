using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>One rewriting of a plan that changes neither results nor warnings. Applied to the plan of the query and to that of each subquery.</summary>
public interface IPlanRule
{
    /// <summary>Name in explain output and in <c>optimizer.rules</c>.</summary>
    string Name { get; }

    /// <summary>Whether there is no other way to run what it rewrites: then it cannot be switched off.</summary>
    bool IsMandatory => false;

    /// <summary>The rewritten plan, or the very same object when the rule does not fire.</summary>
    LogicalPlan Apply(LogicalPlan plan, OptimizerContext context);
}
