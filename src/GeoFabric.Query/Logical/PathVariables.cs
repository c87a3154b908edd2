using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>The path of a walk, whole and in parts. Parts are lists of documents, where the whole has to be written out.</summary>
/// <param name="Whole">The variable as the user named it.</param>
/// <param name="Vertices">Stands for <c>p.vertices</c>.</param>
/// <param name="Edges">Stands for <c>p.edges</c>.</param>
/// <param name="Weights">Stands for <c>p.weights</c> of a traversal, <c>p.weight</c> of a path search.</param>
public sealed record PathVariables(Variable? Whole, Variable? Vertices, Variable? Edges, Variable? Weights)
{
    public static PathVariables None { get; } = new(null, null, null, null);

    public bool IsEmpty => this == None;

    public IEnumerable<Variable> All => new[] { Whole, Vertices, Edges, Weights }.OfType<Variable>();
}
