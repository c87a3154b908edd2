namespace GeoFabric.Query.Expressions;

/// <summary>A name bound to values while a query runs. Every variable of a query, subqueries included, has a slot of its own in the row.</summary>
/// <param name="Slot">Position in the row.</param>
/// <param name="Name">As the user wrote it; names made by the compiler start with a digit, which no user name does.</param>
public sealed record Variable(int Slot, string Name)
{
    public bool IsTemporary => char.IsAsciiDigit(Name[0]);

    public bool Equals(Variable? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Slot;
}
