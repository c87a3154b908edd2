using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>
/// A bound expression: names are resolved, and it can be evaluated on a row. Immutable, shared by all executions of a cached plan.
/// </summary>
public abstract class Expression
{
    /// <summary>
    /// The value for one row. Expressions with variables of their own (CURRENT, inline arrays) write them into their slots of the row.
    /// </summary>
    public abstract Value Evaluate(EvaluationContext context, Span<Value> row);

    /// <summary>Whether the value for one row is truthy; conditions ask for no more.</summary>
    public virtual bool IsTruthy(EvaluationContext context, Span<Value> row) => Evaluate(context, row).IsTruthy;

    public virtual ImmutableArray<Expression> Children => [];

    /// <summary>The same expression over other children, given in the order of <see cref="Children"/>.</summary>
    public virtual Expression WithChildren(ImmutableArray<Expression> children) => this;

    /// <summary>What a single evaluation of this node, children aside, depends on.</summary>
    public virtual FunctionPurity OwnPurity => FunctionPurity.Pure;

    /// <summary>Variables this node reads from the row itself, children aside.</summary>
    public virtual void AddOwnVariables(ISet<Variable> variables)
    {
    }

    /// <summary>The variable that this node sets for its children, which is nothing to anybody else; null for most.</summary>
    public virtual Variable? Element => null;

    /// <summary>The expression as C8QL, for plans and messages.</summary>
    public abstract override string ToString();

    /// <summary>All variables of the row that are read anywhere inside.</summary>
    public HashSet<Variable> Variables()
    {
        var variables = new HashSet<Variable>();
        Collect(this, variables);
        return variables;
    }

    public bool Uses(Variable variable) => Variables().Contains(variable);

    /// <summary>The worst purity anywhere inside.</summary>
    public FunctionPurity Purity()
    {
        var worst = OwnPurity;
        foreach (var child in Children)
        {
            var purity = child.Purity();
            if (purity > worst)
                worst = purity;
        }
        return worst;
    }

    public bool IsConstant => this is ConstantExpression;

    /// <summary>Rebuilds the tree bottom-up; <paramref name="change"/> returns its argument to leave a node alone.</summary>
    public Expression Rewrite(Func<Expression, Expression> change)
    {
        var children = Children;
        ImmutableArray<Expression>.Builder? changed = null;
        for (var i = 0; i < children.Length; i++)
        {
            var child = children[i].Rewrite(change);
            if (!ReferenceEquals(child, children[i]) && changed is null)
            {
                changed = ImmutableArray.CreateBuilder<Expression>(children.Length);
                changed.AddRange(children, i);
            }
            changed?.Add(child);
        }
        return change(changed is null ? this : WithChildren(changed.MoveToImmutable()));
    }

    private static void Collect(Expression expression, HashSet<Variable> variables)
    {
        expression.AddOwnVariables(variables);
        foreach (var child in expression.Children)
            Collect(child, variables);
        if (expression.Element is { } element)
            variables.Remove(element);
    }
}
