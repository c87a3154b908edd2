using System.Collections.Immutable;
using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Explain;

/// <summary>The steps of a plan as clients know them: each expression that is more than a variable has a step of its own in front of the one that takes it.</summary>
/// <param name="documents">Variables that hold whole documents.</param>
internal sealed class ExplainedSteps(IFabricReader reader, IReadOnlySet<Variable> documents)
{
    private readonly List<ExplainedVariable> _temporaries = [];
    private readonly Dictionary<LogicalPlan, int> _idsBefore = new(ReferenceEqualityComparer.Instance);
    private int _idsUsed;

    /// <summary>Variables that stand for the expressions; the plan itself has none for them.</summary>
    public IReadOnlyList<ExplainedVariable> Temporaries => _temporaries;

    /// <summary>By plan, of the query and each subquery, the number that the ids of its steps count on from.</summary>
    public IReadOnlyDictionary<LogicalPlan, int> IdsBefore => _idsBefore;

    public ExplainedVariable Describe(Variable variable) => new(variable.Slot, variable.Name, documents.Contains(variable));

    public ImmutableArray<ExplainedNode> Of(LogicalPlan plan)
    {
        var steps = ImmutableArray.CreateBuilder<ExplainedNode>();
        var (rows, cost) = (1.0, 0.0);
        var idsBefore = _idsUsed;
        _idsBefore[plan] = idsBefore;
        var calculations = idsBefore + plan.Nodes.Length;
        _idsUsed = calculations + plan.Nodes.Sum(node => Taken(node).Count(taken => taken.Expression is not VariableExpression));
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            var node = plan.Nodes[i];
            var variables = ImmutableArray.CreateBuilder<ExplainedRole>();
            foreach (var taken in Taken(node))
            {
                var result = taken.Result is null ? null : Describe(taken.Result);
                if (taken.Expression is VariableExpression { Variable: var variable })
                {
                    variables.Add(new ExplainedRole(taken.Role, Describe(variable), result, taken.Detail));
                    continue;
                }
                cost += rows;
                var temporary = NewTemporary();
                variables.Add(new ExplainedRole(taken.Role, temporary, result, taken.Detail));
                Add(new CalculationNode(new Variable(temporary.Id, temporary.Name), taken.Expression), ++calculations, [new ExplainedRole("outVariable", temporary)]);
            }
            rows = PlanEstimates.RowsAfter(node, rows, plan.Nodes.Take(i), reader);
            cost += rows;
            foreach (var (role, variable) in Set(node))
                variables.Add(new ExplainedRole(role, Describe(variable)));
            Add(node, idsBefore + i + 1, variables.ToImmutable());
        }
        return steps.ToImmutable();

        void Add(LogicalNode node, int id, ImmutableArray<ExplainedRole> variables) => steps.Add(new ExplainedNode(
            id, steps.Count == 0 ? null : steps[^1].Id, node.TypeName, Math.Round(cost, 2), Math.Round(rows, 2), NodeText.Details(node), variables, [.. InnerPlans(node).Select(Of)]));
    }

    /// <summary>Subqueries belong to the step that computes them, which for most nodes is one in front.</summary>
    private static IEnumerable<LogicalPlan> InnerPlans(LogicalNode node)
    {
        var moved = Taken(node).Select(taken => taken.Expression).ToHashSet(ReferenceEqualityComparer.Instance);
        return node.Expressions.Where(expression => !moved.Contains(expression)).SelectMany(NodeText.Subqueries);
    }

    private ExplainedVariable NewTemporary()
    {
        // Beyond all slots, since there is none for it.
        var temporary = new ExplainedVariable((2 * Binding.BindingState.SlotsMax) + _temporaries.Count, _temporaries.Count.ToString(CultureInfo.InvariantCulture), IsDocument: false);
        _temporaries.Add(temporary);
        return temporary;
    }

    /// <summary>The expressions a node takes the values of, by the role of the variable that clients know.</summary>
    private static IEnumerable<Taking> Taken(LogicalNode node) => node switch
    {
        FilterNode filter => [new("inVariable", filter.Condition)],
        ReturnNode result => [new("inVariable", result.Expression)],
        EnumerateListNode list => [new("inVariable", list.Source)],
        SortNode sort => sort.Items.Select(item => new Taking("elements", item.Expression, Detail: ("ascending", Value.FromBoolean(!item.IsDescending)))),
        CollectNode collect => collect.Groups.Select(group => new Taking("groups", group.Expression, group.Variable)).Concat(collect.Aggregates.Select(aggregate =>
            new Taking("aggregates", aggregate.Argument, aggregate.Variable, ("type", Value.FromString(aggregate.Function.Name))))),
        InsertNode insert => [new("inVariable", insert.Document)],
        RemoveNode remove => [new("inVariable", remove.Key)],
        UpdateNode update => update.Key is null ? [new("inDocVariable", update.Document)] : [new("inKeyVariable", update.Key), new("inDocVariable", update.Document)],
        _ => [],
    };

    /// <summary>The variables a node sets, by their role.</summary>
    private static IEnumerable<(string Role, Variable Variable)> Set(LogicalNode node) => node switch
    {
        CalculationNode calculation => [("outVariable", calculation.Variable)],
        EnumerateListNode list => [("outVariable", list.Variable)],
        CollectNode collect => collect.Into is null ? [] : [("outVariable", collect.Into)],
        ModificationNode => [],
        _ when node.ReadCollection is not null || node is EnumerateViewNode or VectorIndexNode => [("outVariable", node.Produced.First())],
        TraversalNode walk => walk.Edge is null ? [("vertexOutVariable", walk.Vertex)] : [("vertexOutVariable", walk.Vertex), ("edgeOutVariable", walk.Edge)],
        _ => [],
    };

    /// <summary>An expression a node takes the value of; see <see cref="ExplainedRole"/>.</summary>
    private sealed record Taking(string Role, Expression Expression, Variable? Result = null, (string Name, Value Value)? Detail = null);
}
