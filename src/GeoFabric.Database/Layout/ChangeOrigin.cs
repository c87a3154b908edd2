namespace GeoFabric.Database.Layout;

/// <summary>Whose log a change belongs to: a region and its incarnation. Sequence numbers are dense within one origin.</summary>
public readonly record struct ChangeOrigin(ushort Region, byte Incarnation);
