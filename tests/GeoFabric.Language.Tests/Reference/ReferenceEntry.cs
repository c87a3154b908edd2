namespace GeoFabric.Language.Tests.Reference;

/// <summary>An operation or a group of operators of the language reference.</summary>
/// <param name="Forms">What may be written.</param>
/// <param name="Text">What it does.</param>
/// <param name="Example">A query over the collections of the reference's introduction.</param>
public sealed record ReferenceEntry(string Title, string Forms, string Text, string Example);
