namespace GeoFabric.Server.Options;

/// <summary>Settings of logging in.</summary>
public sealed record LoginOptions
{
    /// <summary>Password of root at the first start; null makes one up and prints it once.</summary>
    public string? RootPassword { get; init; }

    /// <summary>Told the made-up password as soon as it is stored, before the server listens.</summary>
    public Action<string>? RootPasswordMade { get; init; }

    /// <summary>Life of a session token; at most 24 hours.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Rounds of PBKDF2-HMAC-SHA512 for new passwords. Tests lower it; a server should not.</summary>
    public int PasswordRounds { get; init; } = 210_000;

    /// <summary>Failed logins of one name within <see cref="FailureWindow"/> after which further ones are refused.</summary>
    public int FailuresPerName { get; init; } = 10;

    /// <summary>Failed logins from one address within <see cref="FailureWindow"/> after which further ones are refused.</summary>
    public int FailuresPerAddress { get; init; } = 100;

    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(5);

    internal IEnumerable<string> Problems()
    {
        if (RootPassword is { Length: < 4 })
            yield return "the root password is shorter than 4 characters";
        if (TokenLifetime <= TimeSpan.Zero || TokenLifetime > TimeSpan.FromHours(24))
            yield return $"token lifetime {TokenLifetime}: give more than zero and at most 24 hours";
        if (PasswordRounds is < 1000 or > 10_000_000)
            yield return $"password rounds {PasswordRounds}: give 1,000 to 10,000,000";
        if (FailuresPerName < 1 || FailuresPerAddress < 1 || FailureWindow <= TimeSpan.Zero)
            yield return "limits of failed logins must be positive";
    }
}
