using System.Collections.Immutable;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Binding;

/// <summary>Compares the bindVars of a request with what the query declares.</summary>
public static class BindParameterCheck
{
    /// <exception cref="GeoFabricException">1550 when bindVars is no object, 1551 for a missing one, 1552 for one too many.</exception>
    public static void Check(Value bindVars, ImmutableArray<string> declared)
    {
        if (!bindVars.IsNull && !bindVars.IsObject)
            throw ErrorCodes.BindParametersInvalid.With($"bindVars must be an object, not {bindVars.Kind.ToString().ToLowerInvariant()}");
        foreach (var name in declared)
        {
            if (!bindVars.IsObject || !bindVars.Attributes.Contains(Encoding.UTF8.GetBytes(name)))
                throw ErrorCodes.BindParameterMissing.With($"'{name}' (declared: {string.Join(", ", declared)})");
        }
        if (!bindVars.IsObject || bindVars.Attributes.Count == declared.Length)
            return;
        foreach (var (nameUtf8, _) in bindVars.Attributes)
        {
            var name = Encoding.UTF8.GetString(nameUtf8);
            if (!declared.Contains(name))
                throw ErrorCodes.BindParameterUndeclared.With($"'{name}' (declared: {(declared.Length == 0 ? "none" : string.Join(", ", declared))})");
        }
    }
}
