using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Documents;

/// <summary>
/// Ways to change an attribute that merge with concurrent changes of it in other regions, where an assignment of the new value would win or lose.
/// </summary>
/// <remarks>Positions count from 0 in the array as the writer saw it and are never negative.</remarks>
public enum AttributeOperationKind
{
    /// <summary>Adds the operand, a number that may be negative.</summary>
    Increment,

    /// <summary>Adds the items of the operand, an array, at the end.</summary>
    Append,

    /// <summary>Adds the items of the operand, an array, at the start.</summary>
    Prepend,

    /// <summary>Puts the second operand before the item at the operand's position, which may be the end.</summary>
    InsertAt,

    /// <summary>Removes the first item. Two regions that do so at the same time remove the same one, once.</summary>
    RemoveFirst,

    /// <summary>Removes the last item. Two regions that do so at the same time remove the same one, once.</summary>
    RemoveLast,

    /// <summary>Removes the item at the operand's position.</summary>
    RemoveAt,

    /// <summary>Removes the items equal to one of the operand's, an array: all, or from the start as many as the second operand says.</summary>
    RemoveValues,

    /// <summary>Moves the item at the operand's position to the position that the second operand names in the result.</summary>
    Move,

    /// <summary>Puts the second operand in place of the item at the operand's position.</summary>
    ReplaceAt,

    /// <summary>Adds those items of the operand, an array, that are not there yet.</summary>
    SetAdd,

    /// <summary>Removes all items equal to one of the operand's, an array.</summary>
    SetRemove,

    /// <summary>The greater of the present value and the operand.</summary>
    Maximum,

    /// <summary>The smaller of the present value and the operand.</summary>
    Minimum,
}

/// <summary>How one attribute of a written document came about. The document or patch it belongs to always holds the resulting value as well.</summary>
/// <param name="Path">Names from the document's root to the attribute.</param>
/// <param name="Operand">What the kind asks for; null when it asks for nothing.</param>
/// <param name="Second">The second operand of the kinds that have one; null otherwise.</param>
/// <remarks>
/// A statement, not an order: where the operation on the stored value does not give the value that is written, that value is assigned as if there were
/// no operation. So it is when the stored value is no number or no array, when an array taken for a set holds an item twice, and when an earlier row
/// of the same query changed what this one had read.
/// </remarks>
public sealed record AttributeOperation(IReadOnlyList<string> Path, AttributeOperationKind Kind, Value Operand = default, Value Second = default);
