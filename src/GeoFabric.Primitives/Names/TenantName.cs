using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Primitives.Names;

/// <summary>The name of a tenant: an e-mail address whose <c>@</c> became <c>_</c>, or <c>_mm</c> for the root tenant. Valid by construction.</summary>
public sealed record TenantName
{
    public const int LengthMax = 128;

    private TenantName(string text) => Text = text;

    /// <summary>The tenant that exists from the first start and administers the others.</summary>
    public static TenantName Root { get; } = new("_mm");

    public string Text { get; }

    public static bool TryParse(string? text, [MaybeNullWhen(false)] out TenantName name)
    {
        name = null;
        if (string.IsNullOrEmpty(text) || text.Length > LengthMax || text[0] is '.' or '-')
            return false;
        foreach (var c in text)
        {
            if (!NameCharacters.IsWordOrDash(c) && c != '.' && c != '+')
                return false;
        }
        name = new TenantName(text);
        return true;
    }

    /// <exception cref="GeoFabricException">1208.</exception>
    public static TenantName Parse(string? text) => TryParse(text, out var name)
        ? name
        : throw ErrorCodes.IllegalName.With($"tenant name '{text}': 1 to {LengthMax} letters, digits, '_', '-', '.' or '+'");

    /// <summary>The name a tenant with this e-mail address gets.</summary>
    public static TenantName FromEmail(string email) => Parse(email.Replace('@', '_'));

    public override string ToString() => Text;
}
