//! Calls about what the person lets pass at a server.

use super::{
    App,
    contract::{AppError, ErrorCode, ExceptionsView, ParameterView, ServerView, SetExceptions},
    errors,
};
use crate::base::{Exceptions, ExtraParameter, ExtraParameters, ExtraParametersError, Issuer, ServerUrl};

impl App {
    /// Keeps the sign-in: a grant stays what it was obtained with.
    pub(super) async fn set_exceptions(&self, set: SetExceptions) -> Result<ServerView, AppError> {
        let server = self.server(&set.id).await?;
        let exceptions = exceptions(set.exceptions)?;
        let kept = self.0.servers.set_exceptions(server.id, &exceptions).await;
        kept.map_err(errors::of_servers)?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }
}

fn exceptions(view: ExceptionsView) -> Result<Exceptions, AppError> {
    Ok(Exceptions {
        accepted_issuer: view.accepted_issuer.map(issuer).transpose()?,
        without_pkce_metadata: view.without_pkce_metadata,
        extra_parameters: parameters(view.extra_parameters)?,
        omit_resource: view.omit_resource,
        token_auth_method: view.token_auth_method,
    })
}

/// Takes an issuer as it was typed, byte for byte between the spaces around it; it has to be an address.
fn issuer(text: String) -> Result<Issuer, AppError> {
    let text = text.trim();
    text.parse::<ServerUrl>().map_err(errors::of_address)?;
    Ok(Issuer::new(text))
}

fn parameters(views: Vec<ParameterView>) -> Result<ExtraParameters, AppError> {
    let names: Vec<_> = views.iter().map(|view| view.name.clone()).collect();
    let all = views
        .into_iter()
        .map(|ParameterView { name, value }| ExtraParameter { name, value });
    let taken = ExtraParameters::try_from(all.collect::<Vec<_>>());
    taken.map_err(|error| {
        let code = match error {
            ExtraParametersError::Reserved { .. } => ErrorCode::ParameterReserved,
            ExtraParametersError::Unfit { .. } => ErrorCode::ParameterInvalid,
        };
        AppError::new(code).with("name", &names[error.at()])
    })
}

/// Gives the exceptions as the window shows them.
pub(super) fn view(exceptions: &Exceptions) -> ExceptionsView {
    let parameter = |(name, value): (&str, &str)| ParameterView {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    ExceptionsView {
        accepted_issuer: exceptions.accepted_issuer.as_ref().map(Issuer::to_string),
        without_pkce_metadata: exceptions.without_pkce_metadata,
        extra_parameters: exceptions.extra_parameters.iter().map(parameter).collect(),
        omit_resource: exceptions.omit_resource,
        token_auth_method: exceptions.token_auth_method,
    }
}
